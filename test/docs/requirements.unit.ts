import { filesOf } from './support/pages';

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
  SEC: [4, 5, 6, 21],
  TST: [6, 10],
  ACC: [8],
};

const ids = Object.entries(proven).flatMap(([kind, numbers]) =>
  numbers.map((number) => `${kind}-${String(number).padStart(2, '0')}`),
);

/** The ids that titles end with: brackets right before a closing quote. */
const titles = filesOf(/^test\/(?!support\/).*\.ts$/).flatMap(({ text }) =>
  [...text.matchAll(/((?:\[[A-Z]{3}-\d{2}\] ?)+)['"`]/g)].flatMap(([ending]) =>
    ending.match(/[A-Z]{3}-\d{2}/g),
  ),
);

test('every requirement of this version is named by the title of a test', () => {
  expect(ids.filter((id) => !titles.includes(id))).toEqual([]);
});
