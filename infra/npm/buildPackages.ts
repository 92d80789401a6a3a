import { copyFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { COMMAND_LINE, buildCommandLine } from '../build/commandLine';
import { copyDeclarations, emitDeclarations } from './declarations';
import { listBundledFolders, listImportedPackages } from './imports';
import { thirdPartyNotices } from './notices';
import { packageJson, type RepositoryManifest } from './packageJson';
import { BUNDLED, packages, type PackageSpec } from './specs';

/**
 * Builds every package below dist/packages/, each complete: what `npm publish` would send lies in its folder.
 * @throws when a source or a declaration does not compile, with the compiler's own words
 */
export async function buildPackages(root: string): Promise<void> {
  const repository = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  ) as RepositoryManifest;
  const [{ metafile }] = await Promise.all([buildCommandLine(root), emitDeclarations(root)]);
  for (const spec of packages) await buildPackage(root, spec, repository, metafile);
}

async function buildPackage(
  root: string,
  spec: PackageSpec,
  repository: RepositoryManifest,
  commandLine: Metafile,
): Promise<void> {
  const draft = path.join(root, `${spec.folder}.${process.pid}.part`);
  const isCommandLine = spec.entries.length === 0;
  await rm(draft, { recursive: true, force: true });
  await mkdir(path.join(draft, 'dist'), { recursive: true });
  if (isCommandLine) await cp(path.join(root, COMMAND_LINE), path.join(draft, 'dist'), { recursive: true });
  const metafile = isCommandLine ? commandLine : await compileEntries(root, spec, repository, draft);
  if (spec.main) await copyDeclarations(root, spec.main.declarations, path.join(draft, 'types'));
  const manifest = packageJson(spec, repository, listImportedPackages(metafile));
  await writeFile(path.join(draft, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const notices = await thirdPartyNotices(root, listBundledFolders(metafile));
  await writeFile(path.join(draft, 'THIRD-PARTY-LICENSES.txt'), notices);
  await copyFile(path.join(root, 'LICENSE'), path.join(draft, 'LICENSE'));
  const readme = `infra/npm/${path.basename(spec.folder)}.md`;
  await copyFile(path.join(root, readme), path.join(draft, 'README.md'));
  await rm(path.join(root, spec.folder), { recursive: true, force: true });
  await rename(draft, path.join(root, spec.folder));
}

/** Leaves packages to npm; one that nothing uses any more is not loaded, as none of them has effects of its own. */
const leaveOutside = (names: readonly string[]): Plugin => ({
  name: 'leave-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path: specifier }) =>
      names.some((name) => specifier === name || specifier.startsWith(`${name}/`))
        ? { path: specifier, external: true, sideEffects: false }
        : undefined,
    );
  },
});

async function compileEntries(
  root: string,
  spec: PackageSpec,
  repository: RepositoryManifest,
  draft: string,
): Promise<Metafile> {
  const metafiles = await Promise.all(
    spec.entries.map(async ({ source, output, isProgram = false }) => {
      const { metafile } = await build({
        absWorkingDir: root,
        entryPoints: [source],
        outfile: path.join(draft, output),
        bundle: true,
        metafile: true,
        platform: 'node',
        format: 'cjs',
        target: 'node20',
        logLevel: 'silent',
        plugins: [
          leaveOutside(Object.keys(repository.dependencies).filter((name) => !BUNDLED.includes(name))),
        ],
        ...(isProgram ? { banner: { js: '#!/usr/bin/env node' } } : {}),
      });
      return metafile;
    }),
  );
  return {
    inputs: Object.assign({}, ...metafiles.map((each) => each.inputs)) as Metafile['inputs'],
    outputs: Object.assign({}, ...metafiles.map((each) => each.outputs)) as Metafile['outputs'],
  };
}
