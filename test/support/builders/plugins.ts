import { mkdtemp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPackage, type BuiltPackage } from '../../../pxp/createPackage';
import { generateSigningKey, signDetached, type SigningKey } from '../../../pxp/signing';

export const PLUGIN = 'com.example.notes';

/** Health scripts, by what they do. Each counts its runs in the plugin's own data. */
export const scripts = {
  healthy: '',
  broken: 'console.error("the planted fault"); process.exit(3);',
  hanging: 'for (;;) {}',
  /** Ends badly as long as a file of that name lies in the data folder. */
  slow: (ms: number) => `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms});`,
};

const record = `
const fs = require('node:fs'), path = require('node:path');
const file = path.join(process.env.PX_PLUGIN_DATA, 'state.json');
const state = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { versions: [] };
state.versions.push(process.env.PX_PLUGIN_VERSION);
fs.writeFileSync(file, JSON.stringify(state));
fs.readFileSync(process.env.PX_PLUGIN_ENTRY);
`;

export interface Recipe {
  id?: string;
  version: string;
  health?: string;
  timeoutSeconds?: number;
  manifest?: Record<string, unknown>;
  /** Bytes of padding that do not compress. */
  padding?: number;
  key?: SigningKey;
}

export const temporaryFolder = (name: string): Promise<string> =>
  mkdtemp(path.join(tmpdir(), `spillway-${name}-`));

export const makeKey = (): Promise<SigningKey> =>
  generateSigningKey({ name: 'Example', email: 'dev@example.test' });

/** Builds and signs a real package. */
export async function buildPackage(
  folder: string,
  recipe: Recipe & { key: SigningKey },
): Promise<BuiltPackage> {
  const { id = PLUGIN, version, health = scripts.healthy, timeoutSeconds = 10, padding = 0, key } = recipe;
  const root = await mkdtemp(path.join(folder, 'plugin-'));
  await mkdir(path.join(root, 'dist'));
  await writeFile(path.join(root, 'dist/main.js'), `module.exports = ${JSON.stringify(version)};\n`);
  await writeFile(path.join(root, 'dist/health.cjs'), record + health);
  if (padding > 0) await writeFile(path.join(root, 'dist/padding.bin'), noise(padding));
  const manifest = {
    id,
    name: 'Notes',
    version,
    permissions: [],
    runtime: { entry: 'dist/main.js', health: { script: 'dist/health.cjs', timeoutSeconds } },
    ...recipe.manifest,
  };
  await writeFile(path.join(root, 'manifest.json'), JSON.stringify(manifest));
  return await createPackage({
    root,
    manifest,
    outputDir: folder,
    sign: (bytes) => signDetached(bytes, key.privateKeyArmored),
  });
}

/** Repeatable bytes that look random (xorshift). */
function noise(bytes: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  let x = 2463534242;
  for (let i = 0; i < words.length; i += 1) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[i] = x >>> 0;
  }
  return Buffer.from(words.buffer, 0, bytes);
}

/** The same package with one byte in the middle of its content changed. */
export async function tamper(built: BuiltPackage, target: string): Promise<string> {
  const bytes = await readFile(built.path);
  const at = bytes.indexOf('module.exports');
  const position = at > 0 ? at : Math.floor(bytes.length / 2);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  await writeFile(target, bytes);
  return target;
}
