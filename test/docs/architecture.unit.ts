import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../infra/build/build';
import { nextStates, releaseStates } from '../../core/releases/state';
import { codeSpans, read, section, tableRows } from './support/pages';

interface Rule {
  folders: string[];
  files?: string[];
  types?: string[];
  packages: string[];
  never?: string[];
}

/** The tables are modules of the linter's; Jest reads them as text, so that they need no loader. */
function readTable<Table>(name: 'importTable' | 'domainTable'): Table {
  const source = read(`infra/lint/${name}.mjs`).replaceAll(/^export const/gm, 'const');
  return new Function(`${source}; return ${name};`)() as Table;
}

/** The files or folders that a place stands for; `<domain>` stands for any one. */
function findPlaces(place: string): string[] {
  const [before = '', after] = place.split('<domain>');
  if (after === undefined) return existsSync(path.join(repositoryRoot, place)) ? [place] : [];
  return readdirSync(path.join(repositoryRoot, before))
    .map((domain) => `${before}${domain}${after}`)
    .filter((each) => existsSync(path.join(repositoryRoot, each)));
}

const isRoom = (place: string): boolean =>
  existsSync(path.join(repositoryRoot, place.split('/', 1)[0] ?? ''));

const text = read('docs/architecture.md');
const TAKEN_AWAY = ['withdrawn', 'quarantined', 'expired', 'failed'];

describe('the page on architecture', () => {
  test('shows the import table that the linter enforces', () => {
    const shown = tableRows(section(text, '## The house')).map(
      ([room = '', , imports = '', types = '', packages = '']) => [
        codeSpans(room)[0]?.replace(/\/$/, ''),
        {
          imports: codeSpans(imports),
          types: codeSpans(types),
          any: packages.startsWith('any'),
          packages: codeSpans(packages),
        },
      ],
    );
    const enforced = Object.entries(readTable<Record<string, Rule>>('importTable')).map(([room, rule]) => {
      const any = rule.packages.includes('');
      return [
        room,
        {
          imports: [...rule.folders, ...(rule.files ?? [])],
          types: rule.types ?? [],
          any,
          packages: any ? (rule.never ?? []) : rule.packages,
        },
      ];
    });
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(enforced));
  });

  test('shows the domain table that the linter enforces', () => {
    const shown = tableRows(section(text, '## Domains')).map(([domain = '', , knows = '']) => [
      codeSpans(domain)[0],
      codeSpans(knows),
    ]);
    expect(Object.fromEntries(shown)).toEqual(readTable<Record<string, string[]>>('domainTable'));
  });

  test('answers twenty-four questions of where something lives, with places that are there', () => {
    const answers = tableRows(section(text, '## Where is …?')).map(([, , answer = '']) => codeSpans(answer));
    expect(answers).toHaveLength(24);
    expect(answers.filter((places) => places.length === 0)).toEqual([]);
    const missing = answers.flat().filter((place) => findPlaces(place).length === 0);
    expect(missing).toEqual([]);
  });

  test('names only files and folders that are there', () => {
    const named = codeSpans(text).filter(
      (span) => /^[\w.-]+\/[\w./-]*(\/|\.\w+)$/.test(span) && isRoom(span),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((place) => !existsSync(path.join(repositoryRoot, place)))).toEqual([]);
  });

  test('draws the transitions that the state machine allows', () => {
    const drawing = section(text, '## States of a release');
    const drawn = [...drawing.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} ${to}`);
    const allowed = releaseStates.flatMap((from) =>
      nextStates(from)
        .filter((to) => !TAKEN_AWAY.includes(to))
        .map((to) => `${from} ${to}`),
    );
    expect(drawn.sort()).toEqual(allowed.sort());
  });

  test('leads from the command line to a tenant and back without opening a file twice', () => {
    const walk = section(text, "## From the command line to a tenant's disk");
    const steps = [...walk.matchAll(/^\d+\. `([^`]+)`/gm)].map((match) => match[1]);
    expect(steps.length).toBeGreaterThan(30);
    expect(steps).toEqual([...new Set(steps)]);
    expect(steps[0]).toMatch(/^cli\//);
  });
});
