import { catalogue, catalogueGroups } from '../../../core/errors/catalogue';
import { EXIT, type CatalogueEntry } from '../../../core/errors/entry';

const entries: [string, CatalogueEntry][] = Object.entries(catalogue);
/** The codes of entries that do not do what they should. */
const codesWhere = (isWrong: (entry: CatalogueEntry, code: string) => boolean) =>
  entries.filter(([code, entry]) => isWrong(entry, code)).map(([code]) => code);

describe('The catalogue of errors', () => {
  test('has each code once, under one heading', () => {
    const codes = Object.values(catalogueGroups).flatMap((group) => Object.keys(group));
    expect([...codes].sort()).toEqual(entries.map(([code]) => code).sort());
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !/^[A-Z]+(_[A-Z]+)*$/.test(code))).toEqual([]);
  });

  test('names each error in a few words, and its next step in a sentence', () => {
    expect(codesWhere(({ title }) => !/^\S+( \S+)+[^.]$/.test(title))).toEqual([]);
    expect(codesWhere(({ next }) => !/^[A-Z]\S*( \S+)+\.$/.test(next))).toEqual([]);
  });

  test('gives no two errors the same title, so that people can tell them apart', () => {
    const titles = entries.map(([, { title }]) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('says by the status who has to act: 4xx the user, 5xx and too many requests nobody but time', () => {
    expect(codesWhere(({ status }) => !(status >= 400 && status < 600))).toEqual([]);
    const waits = codesWhere((entry) => entry.class === 'ours');
    expect(codesWhere(({ status }) => status >= 500 || status === 429)).toEqual(
      expect.arrayContaining(waits),
    );
    expect(
      codesWhere((entry) => entry.status < 500 && entry.status !== 429 && entry.class !== 'user'),
    ).toEqual([]);
    expect(codesWhere(({ status }) => status === 429).every((code) => waits.includes(code))).toBe(true);
  });

  test('ends the command line with a status that says the same', () => {
    expect(codesWhere(({ exit }) => !Object.values<number>(EXIT).includes(exit))).toEqual([]);
    expect(codesWhere((entry) => entry.class === 'ours' && entry.exit !== EXIT.unavailable)).toEqual([]);
    expect(codesWhere(({ status, exit }) => status === 401 && exit !== EXIT.auth)).toEqual([]);
    expect(codesWhere(({ exit }) => exit === 0)).toEqual([]);
  });
});
