import { MAX_PATH_BYTES, findCollisions, foldPath, listPathFaults } from '../../core/entryPaths';

const UNSEEN = 'holds a control, invisible or undecodable character';
const FORBIDDEN = 'holds one of \\ < > : " | ? *';
const RESERVED = 'uses a name reserved on Windows';
const TRAILING = 'has a segment ending in a dot or a space';

describe('a path is told everything that is wrong with it', () => {
  test.each<[string, string[]]>([
    ['dist/index.js', []],
    ['dist/größe.js', []],
    ['dist/a b.c', []],
    ['', ['is empty']],
    ['/dist', ['is absolute']],
    ['dist/a\nb', [UNSEEN]],
    ['dist/\u202e', [UNSEEN]],
    ['dist/\ufffd', [UNSEEN]],
    ['dist/\u2800', [UNSEEN]],
    ['dist/\u2028', [UNSEEN]],
    ['dist/\u2029', [UNSEEN]],
    ['dist/\u3164', [UNSEEN]],
    ['dist/\ud800', [UNSEEN]],
    ['dist/u\u0308', ['is not in Unicode form NFC']],
    ['dist/..', ['climbs with . or ..', TRAILING]],
    ['./dist', ['climbs with . or ..', TRAILING]],
    ['dist/../../a', ['climbs with . or ..', TRAILING]],
    ['dist//a', ['has an empty segment or names a folder']],
    ['dist/', ['has an empty segment or names a folder']],
    ['dist/aux.js', [RESERVED]],
    ['dist/con', [RESERVED]],
    ['PRN/a', [RESERVED]],
    ['dist/nul .txt', [RESERVED]],
    ['dist/conin$', [RESERVED]],
    ['dist/conout$.x', [RESERVED]],
    ['dist/clock$', [RESERVED]],
    ['dist/com1', [RESERVED]],
    ['dist/lpt³.x', [RESERVED]],
    ['dist/com', []],
    ['dist/auxiliary.js', []],
    ['dist/my.aux', []],
    ['dist/a.', [TRAILING]],
    ['dist/a /b', [TRAILING]],
    ['dist/.a', []],
    ['dist/ a', []],
    ['dist/a. b', []],
    [`dist/${'a'.repeat(255)}`, []],
    [`dist/${'a'.repeat(256)}`, ['has a segment beyond 255 bytes']],
    [`dist/${'é'.repeat(128)}`, ['has a segment beyond 255 bytes']],
    [`dist/${'插'.repeat(85)}`, []],
    [`dist/${'插'.repeat(86)}`, ['has a segment beyond 255 bytes']],
    [`dist/${'🎉'.repeat(63)}`, []],
    [`dist/${'🎉'.repeat(64)}`, ['has a segment beyond 255 bytes']],
    [Array(40).fill('a').join('/'), []],
    [Array(41).fill('a').join('/'), ['lies deeper than 40 folders']],
    [`${'a'.repeat(255)}/${'b'.repeat(255)}/c`, [`is longer than ${MAX_PATH_BYTES} bytes`]],
    [`${'a'.repeat(255)}/${'b'.repeat(254)}/c`, []],
  ])('%j', (path, faults) => {
    expect(listPathFaults(path)).toEqual(faults);
  });

  test.each(['\\', '<', '>', ':', '"', '|', '?', '*'])('%s stands in no name', (character) => {
    expect(listPathFaults(`dist/a${character}b`)).toEqual([FORBIDDEN]);
  });
});

test.each([
  ['dist/A.js', 'dist/a.js'],
  ['Straße', 'strasse'],
  ['ẞ', 'ss'],
  ['ΛΌΓΟΣ.js', 'λόγοσ.js'],
  ['ς', 'σ'],
  ['ﬁ', 'fi'],
  ['a\u0308', 'ä'],
  ['Ä', 'ä'],
  ['ä\u00a0b\u2003c', 'ä b c'],
  ['插件', '插件'],
])('%j folds to %j', (path, folded) => {
  expect(foldPath(path)).toBe(folded);
});

test('collisions are told by the places of both paths, in the order of the list', () => {
  expect(findCollisions([])).toEqual([]);
  expect(findCollisions(['a/b', 'a', 'A/C', 'b', 'a.js', 'B'])).toEqual([
    { path: 0, other: 1, kind: 'folder' },
    { path: 2, other: 1, kind: 'folder' },
    { path: 5, other: 3, kind: 'same' },
  ]);
  expect(findCollisions(['x', 'x', 'x'])).toEqual([
    { path: 1, other: 0, kind: 'same' },
    { path: 2, other: 0, kind: 'same' },
  ]);
  expect(findCollisions(['a!', 'a/b', 'a0', 'ab/c', 'ab-c'])).toEqual([]);
});
