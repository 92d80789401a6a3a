/** The kinds of tests, as jest.config.cjs names them. */
export const KINDS = ['unit', 'workflow', 'integration', 'e2e', 'browser', 'long'] as const;
export type Kind = (typeof KINDS)[number];

/** What `npm test` runs; the rest is `npm run test:long`, which `.ci/run` runs as well. */
const SHORT: readonly Kind[] = KINDS.filter((kind) => kind !== 'long');

/** What was asked for on the command line. */
export interface Request {
  kinds: readonly Kind[];
  /** Folders or beginnings of files below test/, e.g. `core/rollouts`; none means all. */
  areas: readonly string[];
  /** Options for Jest itself. */
  jestOptions: readonly string[];
  /** Servers of this run alone, stopped at its end. */
  isCold: boolean;
}

/**
 * Understands the words of the command line: a word that names a kind selects it, any other is an area. An area without
 * a kind runs the short kinds that have tests there. A request for areas finds its servers warm, unless `--cold` says no.
 * @param files every test file, relative to test/
 * @throws Error naming each word that is neither, with the kinds and areas that there are
 */
export function parseRequest(words: readonly string[], files: readonly string[]): Request {
  const named = words.filter((word) => !word.startsWith('-'));
  const kinds = KINDS.filter((kind) => named.includes(kind));
  const areas = named.filter((word) => !KINDS.some((kind) => kind === word));
  const unknown = areas.filter((area) => !files.some((file) => isInArea(file, area)));
  if (unknown.length > 0) throw new Error(explainUnknown(unknown, files));
  const hasTests = (kind: Kind): boolean =>
    files.some((file) => findKind(file) === kind && areas.some((area) => isInArea(file, area)));
  const wanted = kinds.length > 0 ? kinds : SHORT;
  return {
    kinds: areas.length > 0 ? wanted.filter(hasTests) : wanted,
    areas,
    jestOptions: words.filter((word) => word.startsWith('-') && word !== '--cold'),
    isCold: areas.length === 0 || words.includes('--cold'),
  };
}

export const findKind = (file: string): Kind | undefined =>
  KINDS.find((kind) => file.endsWith(`.${kind}.ts`));

const isInArea = (file: string, area: string): boolean =>
  file.startsWith(`${area}/`) || file.startsWith(`${area}.`);

function explainUnknown(unknown: readonly string[], files: readonly string[]): string {
  const folders = [...new Set(files.map((file) => file.split('/')[0]))].sort();
  return [
    `no such kind or area of tests: ${unknown.join(', ')}`,
    `kinds: ${KINDS.join(', ')}`,
    `areas: ${folders.join(', ')}, and the folders below them, e.g. core/rollouts`,
  ].join('\n');
}

/** One run of Jest: kinds that may share it. */
export interface JestRun {
  kinds: readonly Kind[];
  /** One test file at a time: each of them brings up a whole stack. */
  isSerial: boolean;
  printsCoverage: boolean;
}

/** The runs of a request: what shares servers goes together, what starts a stack goes one file after the other. */
export function planRuns({ kinds, areas }: Pick<Request, 'kinds' | 'areas'>): JestRun[] {
  const unit = kinds.filter((kind) => kind === 'unit');
  const onServers = kinds.filter((kind) => kind === 'workflow' || kind === 'integration');
  const alone = kinds.filter((kind) => kind === 'e2e' || kind === 'browser' || kind === 'long');
  const together: JestRun[] = [
    { kinds: unit, isSerial: false, printsCoverage: areas.length === 0 && kinds.length > 1 },
    { kinds: onServers, isSerial: false, printsCoverage: false },
  ];
  return [
    ...together.filter((run) => run.kinds.length > 0),
    ...alone.map((kind) => ({ kinds: [kind], isSerial: true, printsCoverage: false })),
  ];
}

/** Arguments of Jest; a kind without any test file yet is no failure. */
export function jestArguments(
  run: JestRun,
  resultFile: string,
  { areas, jestOptions }: Pick<Request, 'areas' | 'jestOptions'>,
): string[] {
  return [
    '--passWithNoTests',
    '--json',
    `--outputFile=${resultFile}`,
    // In processes of their own also on two cores, where Jest would run all files in one that only grows.
    ...(run.isSerial ? ['--runInBand'] : ['--maxWorkers=2', '--workerIdleMemoryLimit=1GB']),
    ...(run.printsCoverage ? ['--coverage'] : []),
    ...jestOptions,
    '--selectProjects',
    ...run.kinds,
    ...(areas.length > 0 ? ['--testPathPatterns', ...areas.map(toPathPattern)] : []),
  ];
}

const toPathPattern = (area: string): string => `/test/${area.replaceAll('.', '\\.')}[/.]`;
