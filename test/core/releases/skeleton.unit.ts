import fc from 'fast-check';
import { differByOne, listNear, SHORTEST_NEAR, toSkeleton } from '../../../core/releases/skeleton';

const letters = fc.string({ unit: fc.constantFrom(...'abcdilmnorvw015'), minLength: 6, maxLength: 20 });

/** A text with one character more, less or another, or with two neighbours that changed places. */
const edited = fc
  .tuple(letters, fc.nat(), fc.constantFrom(...'abcxyz9'), fc.constantFrom('add', 'drop', 'put', 'swap'))
  .map(([text, number, other, edit]): [string, string] => {
    const characters = [...text];
    const place = number % characters.length;
    if (edit === 'add') characters.splice(place, 0, other);
    if (edit === 'drop') characters.splice(place, 1);
    if (edit === 'put') characters[place] = other;
    if (edit === 'swap') characters.splice(place, 2, ...characters.slice(place, place + 2).reverse());
    return [text, characters.join('')];
  });

/** Distance by insertions, deletions, substitutions and swaps of neighbours, as the textbook computes it. */
function measure(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_row, i) =>
    Array.from({ length: b.length + 1 }, (_cell, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const ways = [
        table[i - 1]![j]! + 1,
        table[i]![j - 1]! + 1,
        table[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1]),
      ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        ways.push(table[i - 2]![j - 2]! + 1);
      table[i]![j] = Math.min(...ways);
    }
  }
  return table[a.length]![b.length]!;
}

describe('The skeleton of a name', () => {
  test.each([
    ['n0tes', 'notes'],
    ['no-tes', 'no.t_es'],
    ['calendar', 'ca1endar'],
    ['pipeline', 'plpel1ne'],
    ['modern-tools', 'modem-tools'],
    ['viewer', 'vievver'],
    ['clock', 'dock'],
    ['Dataview', 'Dаtаviеw'],
    ['Notes', 'Νotеѕ'],
    ['Dataview', 'Ｄａｔａｖｉｅｗ'],
    ['Café Notes', 'Cafe Notes'],
    ['HOME', 'НОМЕ'],
    ['Data\u200bview', 'Dataview'],
  ])('is the same for %s and %s', (one, other) => {
    expect(toSkeleton(one)).toBe(toSkeleton(other));
  });

  test('is its own skeleton, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), letters), (name) => {
        expect(toSkeleton(toSkeleton(name))).toBe(toSkeleton(name));
      }),
      { numRuns: 400 },
    );
  });

  test('knows neither case nor what divides the parts of a name', () => {
    fc.assert(
      fc.property(
        letters,
        fc.nat(),
        fc.constantFrom('-', '.', '_', ' ', '\u00ad'),
        (name, place, divider) => {
          const at = place % name.length;
          const divided = `${name.slice(0, at)}${divider}${name.slice(at)}`.toUpperCase();
          expect(toSkeleton(divided)).toBe(toSkeleton(name));
        },
      ),
    );
  });

  test('is empty for a name of signs alone', () => {
    expect(toSkeleton('🎉 !?')).toBe('');
  });
});

describe('Two skeletons', () => {
  test('differ by one exactly where the textbook says so, in either order', () => {
    fc.assert(
      fc.property(fc.oneof(edited, fc.tuple(letters, letters)), ([one, other]) => {
        expect(differByOne(one, other)).toBe(measure(one, other) === 1);
        expect(differByOne(other, one)).toBe(differByOne(one, other));
      }),
      { numRuns: 400 },
    );
  });

  test('that differ by one share an entry of the index, so that none is overlooked', () => {
    fc.assert(
      fc.property(edited, ([one, other]) => {
        fc.pre(other.length >= SHORTEST_NEAR);
        const known = new Set(listNear(one));
        expect(listNear(other).some((each) => known.has(each))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('have at most one entry more than characters, and short ones one alone', () => {
    fc.assert(
      fc.property(letters, (skeleton) => {
        expect(listNear(skeleton).length).toBeLessThanOrEqual(skeleton.length + 1);
      }),
    );
    expect(listNear('notes')).toEqual(['notes']);
  });
});
