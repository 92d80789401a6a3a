import type { PackageSpec } from './specs';

/** The part of the repository's own package.json that its packages share. */
export interface RepositoryManifest {
  version: string;
  license: string;
  repository: { type: string; url: string };
  engines: Record<string, string>;
  dependencies: Record<string, string>;
}

/**
 * package.json of a package, ready to be published with provenance: npm compares `repository` with where it was built.
 *
 * @param imported names of the packages that its files load; each comes at the version that this repository is tested with
 * @throws Error when one of them is no dependency of the repository
 */
export function packageJson(
  spec: PackageSpec,
  repository: RepositoryManifest,
  imported: readonly string[],
): Record<string, unknown> {
  return {
    name: spec.name,
    version: repository.version,
    description: spec.description,
    keywords: spec.keywords,
    license: repository.license,
    repository: repository.repository,
    engines: repository.engines,
    type: 'commonjs',
    ...(Object.keys(spec.bin).length > 0 ? { bin: spec.bin } : {}),
    ...describeExports(spec),
    files: ['dist/**/*.cjs', 'dist/**/*.mjs', 'types', 'THIRD-PARTY-LICENSES.txt'],
    dependencies: Object.fromEntries(
      imported.toSorted().map((name) => [name, findVersion(repository, spec, name)]),
    ),
    publishConfig: { access: 'public', provenance: true },
  };
}

function describeExports({ main, exports = {} }: PackageSpec): Record<string, unknown> {
  if (!main) return { exports: { './package.json': './package.json' } };
  return {
    main: main.entry,
    types: main.types,
    exports: {
      '.': { types: main.types, default: main.entry },
      ...exports,
      './package.json': './package.json',
    },
  };
}

function findVersion({ dependencies }: RepositoryManifest, spec: PackageSpec, name: string): string {
  const version = dependencies[name];
  if (version === undefined)
    throw new Error(`${spec.name} loads ${name}, which is no dependency of the repository.`);
  return version;
}
