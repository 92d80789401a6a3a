import { listFiles, pages, read, tableRows } from './support/pages';

/** The rows that this version is done with; each is proven by a test whose title names it. */
const proven: Record<string, readonly number[]> = {
  CLI: [1, 2, 8, 9, 13, 14, 15, 16, 26, 27, 28, 29, 30],
  PRE: [1, 2, 3, 22],
  PKG: [1, 5, 6, 7, 8, 9, 11, 12, 17, 18, 19, 20, 21, 23, 24],
  API: [3, 31, 32, 33, 34, 37, 38],
  REV: [1, 4, 11, 18, 21],
  LST: [1],
  NTF: [1],
  INS: [1, 2, 3, 4, 6, 8, 13],
  RLO: [1, 6, 7, 11, 12, 13, 14, 15, 17, 24],
  OBS: [17, 31],
  SEC: [2, 4, 5, 6, 7, 8, 9, 14, 16, 21],
  TST: [6, 10],
  ACC: [8],
};

/** Names of standards that look like ids. */
const NO_REQUIREMENTS = ['CRC-32', 'UTF-16'];

const ids = Object.entries(proven).flatMap(([kind, numbers]) =>
  numbers.map((number) => `${kind}-${String(number).padStart(2, '0')}`),
);

const listed = read('docs/requirements.md')
  .split('\n## ')
  .slice(1)
  .flatMap(tableRows)
  .map(([id = '', meaning = '']) => ({ id, meaning }));
const listedIds = listed.map(({ id }) => id);

/** The ids that each title ends with: brackets right before a closing quote. */
const titles = listFiles(/^test\/.*\.(unit|workflow|integration|e2e|browser)\.ts$/).flatMap(
  ({ name, text }) =>
    [...text.matchAll(/((?:\[[A-Z]{3}-\d{2}\] ?)+)['"`]/g)].map(([ending]) => ({
      name,
      ids: ending.match(/[A-Z]{3}-\d{2}/g) ?? [],
    })),
);

/** Ids in brackets or parentheses, as in `(RLO-24)`, `(requirements C06, C07)` and `[PRE-03]`. */
const citations = [...listFiles(/^(?!docs\/requirements).*\.(ts|tsx|mjs|sql)$/), ...pages()].flatMap(
  ({ name, text }) =>
    [...text.matchAll(/[([][^()[\]\n]*\b(?:[A-Z]{3}-\d{2}|[PC]\d{2})\b[^()[\]\n]*[)\]]/g)]
      .flatMap(([cited]) => cited.match(/\b(?:[A-Z]{3}-\d{2}|[PC]\d{2})\b/g) ?? [])
      .filter((id) => !NO_REQUIREMENTS.includes(id))
      .map((id) => ({ name, id })),
);

describe('requirements', () => {
  test('of this version are each named by the title of a test', () => {
    const proved = titles.flatMap(({ ids: named }) => named);
    expect(ids.filter((id) => !proved.includes(id))).toEqual([]);
  });

  test('that are cited anywhere are on their page, once, with a meaning', () => {
    expect(citations.length).toBeGreaterThan(100);
    expect(citations.filter(({ id }) => !listedIds.includes(id))).toEqual([]);
    expect(listedIds).toEqual([...new Set(listedIds)]);
    expect(listed.filter(({ meaning }) => meaning.length < 20)).toEqual([]);
    expect(ids.filter((id) => !listedIds.includes(id))).toEqual([]);
  });

  test('are at most three in a title, so that a test can assert what each of them means', () => {
    expect(titles.filter(({ ids: named }) => named.length > 3)).toEqual([]);
  });
});
