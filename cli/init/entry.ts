import type { SourceFacts } from './sourceFacts';

const CODE = /\.(?:c|m)?js$/;
const NOT_RUN =
  /(?:^|\/)(?:__tests__|tests?|spec|examples?|scripts?)\/|\.(?:test|spec|config|min)\.[cm]?js$|\.d\.[cm]?ts$/;
const PROSE =
  /\.(?:md|txt|json|map|svg|png|jpe?g|gif|css|html|ya?ml|d\.[cm]?ts)$|(?:^|\/)(?:licen[cs]e|readme|changelog)[^/]*$/i;

/**
 * The file that a host loads: what the package itself names, in Node's own order; then what a host's
 * manifest names; then the code file that most looks like a start; then the largest file that is
 * neither code nor prose, for hosts whose plugins are archives. Undefined when there is nothing to run.
 */
export function findEntry(facts: SourceFacts): string | undefined {
  const files = new Set(facts.files.map((file) => file.path));
  const named = [...namedByPackage(facts.packageJson), ...facts.hostManifests.flatMap(namedByHost)];
  for (const name of named) {
    const found = resolveFile(name, files);
    if (found) return found;
  }
  return bestCode(facts) ?? largestBundle(facts);
}

function namedByPackage(packageJson: Record<string, unknown>): string[] {
  const { exports, main, module, bin } = packageJson;
  const bins = typeof bin === 'object' && bin !== null ? Object.values(bin) : [bin];
  return [rootExport(exports), main, module, ...bins].filter((each) => typeof each === 'string');
}

/** The target of `"."` for `require`, else for whatever Node would take. */
function rootExport(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(rootExport).find((each) => each !== undefined);
  if (typeof exports !== 'object' || exports === null) return undefined;
  const conditions = exports as Record<string, unknown>;
  for (const key of ['.', 'node', 'require', 'default', 'import']) {
    const found = key in conditions ? rootExport(conditions[key]) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Hosts have their own word for it; the path is relative to the manifest. */
function namedByHost({ path, value }: SourceFacts['hostManifests'][number]): string[] {
  const folder = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/` : '';
  return ['main', 'entry', 'entrypoint', 'js']
    .map((key) => value[key])
    .filter((each) => typeof each === 'string')
    .map((each) => `${folder}${each}`);
}

/** As `require` would: the file itself, with an extension, or the index of a folder. */
function resolveFile(name: string, files: ReadonlySet<string>): string | undefined {
  const clean = name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  const candidates = [clean, `${clean}.js`, `${clean}.cjs`, `${clean}.mjs`];
  const indexes = [`${clean}/index.js`, `${clean}/index.cjs`].map((each) => each.replace(/^\//, ''));
  return [...candidates, ...indexes].find((each) => files.has(each));
}

/** Shallow beats deep, `main` and `index` beat other names, then size decides. */
function bestCode({ files }: SourceFacts): string | undefined {
  const rank = (path: string): number[] => {
    const base = path.slice(path.lastIndexOf('/') + 1).replace(CODE, '');
    return [path.split('/').length, ['main', 'index', 'plugin'].includes(base) ? 0 : 1];
  };
  const code = files.filter((file) => CODE.test(file.path) && !NOT_RUN.test(file.path));
  return best(code, (file) => [...rank(file.path), -file.bytes]);
}

function largestBundle({ files }: SourceFacts): string | undefined {
  const bundles = files.filter((file) => file.bytes > 0 && !PROSE.test(file.path) && !CODE.test(file.path));
  return best(bundles, (file) => [-file.bytes]);
}

/** The path with the smallest rank, compared number by number; equal ones go by name. */
function best<T extends { path: string }>(
  items: readonly T[],
  rank: (item: T) => number[],
): string | undefined {
  const ranked = items.map((item) => ({ path: item.path, rank: rank(item) }));
  ranked.sort((a, b) => {
    const differing = a.rank.findIndex((value, index) => value !== b.rank[index]);
    if (differing === -1) return a.path < b.path ? -1 : 1;
    return (a.rank[differing] ?? 0) - (b.rank[differing] ?? 0);
  });
  return ranked[0]?.path;
}
