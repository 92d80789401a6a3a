import { readFile, writeFile } from 'node:fs/promises';
import type { BuiltPackage } from '../../../pxp/createPackage';
import type { SigningKey } from '../../../pxp/signing';
import { sign } from './keys';
import { createManifest, PLUGIN, type ManifestSource } from './manifest';
import { buildPackage } from './packages';

/** Health scripts, by what they do. Each counts its runs in the plugin's own data. */
export const scripts = {
  healthy: '',
  broken: 'console.error("the planted fault"); process.exit(3);',
  hanging: 'for (;;) {}',
  /** Takes so many milliseconds, without giving way to anything else. */
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
  manifest?: Partial<ManifestSource> & Record<string, unknown>;
  /** Bytes of padding that do not compress. */
  padding?: number;
  key?: SigningKey;
}

/** Builds and signs the package of a plugin that a host can run. */
export async function buildPlugin(
  folder: string,
  recipe: Recipe & { key: SigningKey },
): Promise<BuiltPackage> {
  const { id = PLUGIN, version, health = scripts.healthy, timeoutSeconds = 10, padding = 0, key } = recipe;
  const runtime = { entry: 'dist/index.js', health: { script: 'dist/health.cjs', timeoutSeconds } };
  const manifest = { ...createManifest({ id, version, permissions: [], runtime }), ...recipe.manifest };
  const files = {
    'manifest.json': JSON.stringify(manifest),
    'dist/index.js': `module.exports = ${JSON.stringify(version)};\n`,
    'dist/health.cjs': record + health,
    ...(padding > 0 ? { 'dist/padding.bin': makeNoise(padding) } : {}),
  };
  return await buildPackage(folder, files, { manifest, sign: (bytes) => sign(bytes, key) });
}

/** Repeatable bytes that look random (xorshift). */
function makeNoise(bytes: number): Buffer {
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
  const found = bytes.indexOf('module.exports');
  const position = found > 0 ? found : Math.floor(bytes.length / 2);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  await writeFile(target, bytes);
  return target;
}
