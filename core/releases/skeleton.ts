/**
 * What is left of a name when everything that people mistake for each other is written in one way. Two names with the
 * same skeleton look alike; a name of the other alphabets that looks like a Latin one has the skeleton of that.
 */

/** Characters that look like another one. Ids are ASCII; display names are not. */
const ASCII: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', i: 'l', '5': 's' };

/** Greek and Cyrillic capitals that look like Latin ones, though their small letters look like others or none. */
const CAPITALS: ReadonlyMap<string, string> = new Map([
  ...pair('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
  ...pair('АВЕЅІЈКМНОРСТУХ', 'ABESIJKMHOPCTYX'),
]);

/** Letters of other alphabets that look like Latin ones: Cyrillic, Greek, Armenian, and Latin ones with a twist. */
const FOREIGN: readonly [latin: string, others: string][] = [
  ['a', 'аαɑ'],
  ['b', 'ьЬβƅ'],
  ['c', 'сϲᴄ'],
  ['d', 'ԁɗ'],
  ['e', 'еєҽɛε'],
  ['f', 'ƒ'],
  ['g', 'ɡց'],
  ['h', 'һհ'],
  ['i', 'іıɩι'],
  ['j', 'јϳ'],
  ['k', 'кκ'],
  ['l', 'ӏߊǀ'],
  ['m', 'мϻ'],
  ['n', 'пոη'],
  ['o', 'оοօσ'],
  ['p', 'рρ'],
  ['q', 'ԛզ'],
  ['r', 'гᴦ'],
  ['s', 'ѕꜱ'],
  ['t', 'тτ'],
  ['u', 'υսᴜ'],
  ['v', 'νѵᴠ'],
  ['w', 'ԝωшѡᴡ'],
  ['x', 'хχ'],
  ['y', 'уүγʏ'],
  ['z', 'ᴢʐ'],
];

const single: ReadonlyMap<string, string> = new Map([
  ...FOREIGN.flatMap(([latin, others]) =>
    [...others].map((other) => [other, ASCII[latin] ?? latin] as const),
  ),
  ...Object.entries(ASCII),
]);

/** Pairs that look like one letter, once each character is written in its one way. */
const PAIRS: readonly [pair: RegExp, letter: string][] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
];

function pair(others: string, latin: string): [other: string, latin: string][] {
  return Array.from(others, (other, place) => [other, latin[place] ?? other]);
}

/** Of a plugin id or a display name; empty when there is neither letter nor number in it. Idempotent. */
export function toSkeleton(name: string): string {
  const letters = Array.from(name.normalize('NFKD'), (each) => CAPITALS.get(each) ?? each)
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  const written = Array.from(letters, (each) => single.get(each) ?? each).join('');
  return PAIRS.reduce((text, [pair, letter]) => text.replace(pair, letter), written);
}

/** Shorter skeletons differ by one character too often to say anything. */
export const SHORTEST_NEAR = 6;

/**
 * A skeleton with all that is left of it when one character is taken out. Two skeletons that differ by a character more,
 * less, another, or two changed places share one of these, so that an index finds the one by the other.
 */
export function listNear(skeleton: string): string[] {
  const characters = [...skeleton];
  if (characters.length < SHORTEST_NEAR) return [skeleton];
  const shorter = characters.map((_each, place) => characters.toSpliced(place, 1).join(''));
  return [...new Set([skeleton, ...shorter])];
}

/** Whether two texts differ by one character more, less or another, or by two neighbours that changed places. */
export function differByOne(one: string, other: string): boolean {
  const [a, b] = [[...one], [...other]];
  const start = a.findIndex((each, place) => each !== b[place]);
  const at = start < 0 ? a.length : start;
  const rest = (of: string[], from: number): string => of.slice(from).join('');
  if (a.length === b.length) {
    if (at === a.length) return false;
    const isSwapped = a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2);
    return isSwapped || rest(a, at + 1) === rest(b, at + 1);
  }
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const place = Math.min(at, short.length);
  return long.length - short.length === 1 && rest(short, place) === rest(long, place + 1);
}
