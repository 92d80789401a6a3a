/**
 * The one rule for the names of files in a plugin: what packs, opens and unpacks packages, and what reads a
 * manifest, asks here. A name means the same file on every system, and looks like what it is.
 */

// Reserved on Windows whatever the extension, blanks before it included: "aux.js", "nul .txt".
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/iu;
/**
 * By category: controls, format characters (bidirectional marks), halves of characters, ends of lines and
 * paragraphs, private use, code points without a character; fillers and selectors that show nothing.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{fffd}]/u;
const FORBIDDEN = /[\\<>:"|?*]/u;
const MAX_SEGMENT_BYTES = 255;
/** Folders in folders; far more than any build makes, few enough for every file system. */
const MAX_SEGMENTS = 40;
/** The longest path in bytes. */
export const MAX_PATH_BYTES = 512;

/** One rule: a question about the path, and the words for a path that fails it. */
const RULES: readonly [fails: (path: string, segments: readonly string[]) => boolean, words: string][] = [
  [(path) => path === '', 'is empty'],
  [(path) => path.startsWith('/'), 'is absolute'],
  [(path) => UNSEEN.test(path), 'holds a control, invisible or undecodable character'],
  [(path) => FORBIDDEN.test(path), 'holds one of \\ < > : " | ? *'],
  [(path) => path !== path.normalize('NFC'), 'is not in Unicode form NFC'],
  [(_, segments) => segments.some((each) => each === '..' || each === '.'), 'climbs with . or ..'],
  [(_, segments) => segments.slice(1).includes(''), 'has an empty segment or names a folder'],
  [(_, segments) => segments.some((each) => RESERVED.test(each)), 'uses a name reserved on Windows'],
  [(_, segments) => segments.some((each) => /[ .]$/u.test(each)), 'has a segment ending in a dot or a space'],
  [
    (_, segments) => segments.some((each) => countBytes(each) > MAX_SEGMENT_BYTES),
    `has a segment beyond ${MAX_SEGMENT_BYTES} bytes`,
  ],
  [(_, segments) => segments.length > MAX_SEGMENTS, `lies deeper than ${MAX_SEGMENTS} folders`],
  [(path) => countBytes(path) > MAX_PATH_BYTES, `is longer than ${MAX_PATH_BYTES} bytes`],
];

/** What is wrong with a path, each in words that follow the name; nothing for one that may be packed. */
export function listPathFaults(path: string): string[] {
  const segments = path.split('/');
  return RULES.filter(([fails]) => fails(path, segments)).map(([, words]) => words);
}

/** Length in UTF-8; half a character counts as the replacement that it would be written as. */
function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/**
 * The form in which a file system that ignores case or composition confuses two names: Unicode's full case
 * folding (ß as ss, every sigma alike) and one kind of blank. Lower, upper and lower case again is what folds
 * completely, but for the form that a sigma has at the end of a word.
 */
export function foldPath(path: string): string {
  if (/^[\0-\x7f]*$/.test(path)) return path.toLowerCase();
  const folded = path.normalize('NFD').toLowerCase().toUpperCase().toLowerCase();
  return folded
    .replaceAll('ς', 'σ')
    .replace(/\p{Zs}/gu, ' ')
    .normalize('NFC');
}

/** A path that stands in the way of another, by their places in the list. */
export interface Collision {
  path: number;
  other: number;
  /** The same file, or a file where the path needs a folder. */
  kind: 'same' | 'folder';
}

/**
 * Paths that would become the same file, or on a file where another needs a folder. Sorted, so that each is
 * compared with one other only: with its separators first of all characters, what lies in a folder follows
 * directly after a file of that name.
 */
export function findCollisions(paths: readonly string[]): Collision[] {
  const keys = paths.map((path, index) => ({ key: foldPath(path).replaceAll('/', '\0'), index }));
  keys.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index));
  const found: Collision[] = [];
  let last: (typeof keys)[number] | undefined;
  for (const each of keys) {
    if (last && each.key === last.key) found.push({ path: each.index, other: last.index, kind: 'same' });
    else if (last && each.key.startsWith(`${last.key}\0`))
      found.push({ path: each.index, other: last.index, kind: 'folder' });
    else last = each;
  }
  return found.sort((a, b) => a.path - b.path);
}
