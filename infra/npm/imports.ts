import { isBuiltin } from 'node:module';
import type { Metafile } from 'esbuild';

/** The packages that are still loaded at run time: imports that were left outside and are not Node's own. */
export function listImportedPackages(metafile: Metafile): string[] {
  const left = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter((each) => each.external && !isBuiltin(each.path) && !/^(?:[./]|node:)/.test(each.path))
    .map((each) => toPackageName(each.path));
  return [...new Set(left)].sort();
}

/** Folders of the packages whose code was taken into the output, relative to the repository. */
export function listBundledFolders(metafile: Metafile): string[] {
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : [])),
  );
  const folders = inputs.flatMap((name) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

const toPackageName = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
