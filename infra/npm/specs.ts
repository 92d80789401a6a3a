import path from 'node:path';

/** A program or module of a package: a source of the repository, and the file that it becomes. */
interface Entry {
  source: string;
  output: string;
  isProgram?: boolean;
}

export interface PackageSpec {
  name: string;
  description: string;
  keywords: readonly string[];
  /** Below this folder lies the package. */
  folder: string;
  /** Compiled to CommonJS, which both `require` and `import` load as one and the same module. */
  entries: readonly Entry[];
  bin: Readonly<Record<string, string>>;
  /** What `import` of the package's name loads, with its declarations; a package without it is only programs. */
  main?: { entry: string; types: string; declarations: string };
  /** Further subpaths that may be resolved. */
  exports?: Readonly<Record<string, string>>;
}

const below = (name: string): string => path.join('dist', 'packages', name);

/** Taken into the file that needs them, because they are ES modules only, which older tools cannot `require`. */
export const BUNDLED = ['p-retry', 'p-limit', 'env-paths'];

export const commandLinePackage: PackageSpec = {
  name: 'px-plugin',
  description: 'Command line of the Spillway marketplace: check, pack, sign and publish plugins.',
  keywords: ['plugin', 'publish', 'release', 'marketplace', 'cli'],
  folder: below('px-plugin'),
  entries: [],
  bin: { 'px-plugin': 'dist/main.mjs' },
};

export const sdkPackage: PackageSpec = {
  name: '@spillway/sdk',
  description:
    'Typed client of the Spillway marketplace: publish, review, follow and install plugin releases.',
  keywords: ['plugin', 'release', 'marketplace', 'client', 'sdk'],
  folder: below('sdk'),
  entries: [{ source: 'infra/npm/sdk.ts', output: 'dist/index.cjs' }],
  bin: {},
  main: {
    entry: './dist/index.cjs',
    types: './types/index.d.ts',
    declarations: 'infra/npm/sdk.d.ts',
  },
};

export const hostPackage: PackageSpec = {
  name: '@spillway/host',
  description:
    'Reference host of Spillway: verifies, installs, checks and rolls back plugins for one tenant.',
  keywords: ['plugin', 'host', 'install', 'rollback', 'marketplace'],
  folder: below('host'),
  entries: [
    { source: 'host/main.ts', output: 'dist/main.cjs', isProgram: true },
    { source: 'host/trial/main.ts', output: 'dist/trial.cjs', isProgram: true },
    { source: 'infra/npm/host.ts', output: 'dist/index.cjs' },
  ],
  bin: { 'spillway-host': 'dist/main.cjs', 'spillway-host-trial': 'dist/trial.cjs' },
  main: {
    entry: './dist/index.cjs',
    types: './types/index.d.ts',
    declarations: 'infra/npm/host.d.ts',
  },
  exports: { './trial': './dist/trial.cjs' },
};

export const packages: readonly PackageSpec[] = [commandLinePackage, sdkPackage, hostPackage];
