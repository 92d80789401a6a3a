import { isObject } from '../../core/messages';
import type { SourceFacts } from './sourceFacts';

const CODE = /\.(?:c|m)?js$/;
/** Tests, samples, build tools and their settings. */
const NOT_RUN = new RegExp(
  [
    '(?:^|/)(?:__tests__|__mocks__|tests?|spec|examples?|demos?|docs?|benchmarks?|fixtures|scripts?|tasks|tools)/',
    '\\.(?:test|spec|config|conf|min|stories|setup)\\.[cm]?js$|\\.d\\.[cm]?ts$',
    '(?:^|/)(?:grunt|gulp|jake|make|cake)file[^/]*\\.[cm]?js$|(?:^|/)\\.[^/]*\\.[cm]?js$',
    '(?:^|/)(?:webpack|rollup|vite|karma|babel|jest|esbuild|brunch-config|ember-cli-build)(?:\\.[\\w-]+)*\\.[cm]?js$',
    '(?:^|/)(?:pre|post)?(?:un)?(?:install|build|release|publish)[^/]*\\.[cm]?js$',
  ].join('|'),
  'i',
);
/** What serves the plugin, or starts something else, and is the plugin only where there is nothing better. */
const ASIDE =
  /(?:^|\/)(?:bin|cli|utils?|helpers?|common|shared|vendor|third[_-]?party|locales?|i18n|types)(?:\/|\.[cm]?js$)/i;
const PROSE =
  /\.(?:md|txt|json|map|svg|png|jpe?g|gif|css|html|ya?ml|d\.[cm]?ts)$|(?:^|\/)(?:licen[cs]e|readme|changelog)[^/]*$/i;

/**
 * The file that a host loads: what the package itself names, in Node's own order; what a host's manifest names;
 * `index.js`, as Node does; what the package offers under other names; the code file that most looks like a start; a
 * program; then the largest file that is neither code nor prose, for hosts whose plugins are archives, and a page.
 * Undefined when there is nothing to run.
 */
export function findEntry(facts: SourceFacts): string | undefined {
  const files = new Set(facts.files.map((file) => file.path));
  const { exports, main, module } = facts.packageJson;
  const named = [
    ...[rootExport(exports), main, module],
    ...facts.hostManifests.flatMap(namedByHost),
    ...['index', ...namedElsewhere(facts.packageJson)],
  ];
  const programs = listPrograms(facts.packageJson);
  return (
    resolveFirst(named, files) ??
    bestCode(facts, (file) => !ASIDE.test(file)) ??
    resolveFirst(
      programs.filter((name) => CODE.test(name)),
      files,
    ) ??
    bestCode(facts, () => true) ??
    largestBundle(facts) ??
    bestPage(facts) ??
    resolveFirst(programs, files)
  );
}

function resolveFirst(names: readonly unknown[], files: ReadonlySet<string>): string | undefined {
  for (const name of names) {
    const found = typeof name === 'string' ? resolveFile(name, files) : undefined;
    if (found) return found;
  }
  return undefined;
}

function listPrograms({ bin }: Record<string, unknown>): string[] {
  const named = isObject(bin) ? Object.values(bin) : [bin];
  return named.filter((each) => typeof each === 'string');
}

/** Fields by which hosts and content networks find a file, and exports under names of their own. */
function namedElsewhere({ unpkg, jsdelivr, browser, exports, ...rest }: Record<string, unknown>): unknown[] {
  const nodeRed = isObject(rest['node-red']) ? rest['node-red'].nodes : undefined;
  const subpaths = isObject(exports) ? Object.entries(exports).filter(([key]) => key.startsWith('./')) : [];
  const targets = subpaths.flatMap(([key, value]) => {
    const target = rootExport(value);
    return target !== undefined && CODE.test(target) && !/\*/.test(target) ? [{ key, target }] : [];
  });
  const isStart = ({ key }: { key: string }): boolean => /server|plugin|main|index|node/i.test(key);
  return [
    ...(isObject(nodeRed) ? Object.values(nodeRed) : []),
    ...[...targets.filter(isStart), ...targets.filter((each) => !isStart(each))].map(({ target }) => target),
    ...[unpkg, jsdelivr, browser],
  ];
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

/** Shallow beats deep; the package's own name, `main` and `index` beat other names; then size decides. */
function bestCode(
  { files, packageJson }: SourceFacts,
  isWanted: (file: string) => boolean,
): string | undefined {
  const own = String(packageJson.name ?? '').replace(/^@[^/]*\//, '');
  const starts = ['main', 'index', 'plugin', own, own.replace(/\.js$/, '')];
  const rank = (path: string): number[] => {
    const base = path.slice(path.lastIndexOf('/') + 1).replace(CODE, '');
    return [path.split('/').length, starts.includes(base) ? 0 : 1];
  };
  const code = files.filter(
    (file) => CODE.test(file.path) && !NOT_RUN.test(file.path) && isWanted(file.path),
  );
  return best(code, (file) => [...rank(file.path), -file.bytes]);
}

/** A front end without code of its own to load. */
function bestPage({ files }: SourceFacts): string | undefined {
  const pages = files.filter((file) => /\.html?$/i.test(file.path) && !NOT_RUN.test(file.path));
  return best(pages, (file) => [
    file.path.split('/').length,
    /(?:^|\/)index\.html?$/i.test(file.path) ? 0 : 1,
  ]);
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
