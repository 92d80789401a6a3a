import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { replaceFile } from '../../platform/files/durable';

export interface Program {
  entry: string;
  output: string;
}

/** Every program that the stack runs, by its entry point; `commandLine.ts` builds px-plugin. */
export const programs: readonly Program[] = [
  { entry: 'api/main.ts', output: 'dist/api.cjs' },
  { entry: 'api/objects/main.ts', output: 'dist/objects.cjs' },
  { entry: 'api/codec/main.ts', output: 'dist/codec.cjs' },
  { entry: 'worker/main.ts', output: 'dist/worker.cjs' },
  { entry: 'worker/checker/main.ts', output: 'dist/checker.cjs' },
  { entry: 'host/main.ts', output: 'dist/host.cjs' },
  { entry: 'host/trial/main.ts', output: 'dist/host-trial.cjs' },
  { entry: 'adapters/db/migrateMain.ts', output: 'dist/migrate.cjs' },
  { entry: 'signer/main.ts', output: 'dist/trust.cjs' },
  { entry: 'signer/service/main.ts', output: 'dist/signer.cjs' },
];

/**
 * Compiles one program to a CommonJS file with its source map. The file is replaced only when its content changes, and then
 * at once: a stack that runs from the same clone never loads half of it.
 */
export async function buildProgram(root: string, program: Program): Promise<'built' | 'unchanged'> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [program.entry],
    outfile: program.output,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: true,
    logLevel: 'silent',
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    packages: 'external',
  });
  const written = await Promise.all(
    result.outputFiles.map((file) => replaceIfChanged(file.path, file.contents)),
  );
  return written.includes(true) ? 'built' : 'unchanged';
}

export async function replaceIfChanged(file: string, contents: Uint8Array): Promise<boolean> {
  if (existsSync(file) && (await readFile(file)).equals(contents)) return false;
  await replaceFile(file, contents, { isDurable: false });
  return true;
}
