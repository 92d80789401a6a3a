import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { replaceIfChanged } from './programs';

/** Where the built command line lies: `main.mjs`, and its commands beside it. */
export const COMMAND_LINE = 'dist/px-plugin';

/** Loaded at run time: npm's own parts are large, and only `init` needs them; the rest has files that a bundle loses. */
const KEPT_OUTSIDE = ['pacote', '@npmcli/arborist', 'npm-packlist', 'fsevents', '*.node'];

/** What bundled CommonJS packages expect and ES modules lack; nothing renames these, so their names are unusual. */
const COMMONJS_NAMES = [
  "import { createRequire as pxCreateRequire } from 'node:module';",
  "import { fileURLToPath as pxFileURLToPath } from 'node:url';",
  'const require = pxCreateRequire(import.meta.url);',
  'const __filename = pxFileURLToPath(import.meta.url);',
  "const __dirname = pxFileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/**
 * Compiles px-plugin to ES modules, one a command and one for what several share, so that a command reads no code of
 * another. The entry is written last and files of earlier builds are removed after it: who starts px-plugin meanwhile
 * gets the old one or the new one.
 */
export async function buildCommandLine(root: string): Promise<{ isChanged: boolean; metafile: Metafile }> {
  const folder = path.join(root, COMMAND_LINE);
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: 'cli/main.ts' },
    outdir: COMMAND_LINE,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    metafile: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'silent',
    external: KEPT_OUTSIDE,
    banner: { js: COMMONJS_NAMES },
  });
  await mkdir(folder, { recursive: true });
  const isEntry = (file: string): boolean => path.basename(file) === 'main.mjs';
  const inOrder = outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)));
  let isChanged = false;
  for (const { path: file, contents } of inOrder) {
    isChanged = (await replaceIfChanged(file, contents)) || isChanged;
  }
  await removeOthers(folder, new Set(outputFiles.map((file) => path.basename(file.path))));
  return { isChanged, metafile };
}

async function removeOthers(folder: string, kept: ReadonlySet<string>): Promise<void> {
  const left = (await readdir(folder)).filter((name) => !kept.has(name));
  await Promise.all(left.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
