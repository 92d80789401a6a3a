import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findCollisions, foldPath } from '../../core/entryPaths';
import { manifestSchema } from '../../contracts/releases/manifest';
import { Refusal } from '../../core/errors/errors';
import { openPackage } from '../../pxp/openPackage';
import { hostileZip } from '../support/builders/hostileZip';
import { temporaryFolder } from '../support/temporaryFolder';

const folder = temporaryFolder('hostile');
let count = 0;

/** The refusal of a package of empty files with these names; undefined when it is opened. */
async function catchRefusal(...names: string[]): Promise<Refusal | undefined> {
  const file = path.join(folder, `${(count += 1)}.pxp`);
  const entries = names.sort().map((name) => ({ path: name, data: '' }));
  writeFileSync(file, hostileZip({ entries: [{ path: 'manifest.json', data: '{}' }, ...entries] }));
  try {
    await (await openPackage(file)).close();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const numbered = (length: number, name: (number: string) => string): string[] =>
  Array.from({ length }, (_, index) => name(String(index).padStart(5, '0')));

describe('names that would exhaust who reads them', () => {
  test('are refused by their bytes together, before any of them is looked at', async () => {
    const refusal = await catchRefusal(...numbered(17_000, (n) => `dist/${n}/${'\u202e/../'.repeat(70)}`));
    expect(refusal?.problems).toHaveLength(1);
    expect(refusal?.code).toBe('PACKAGE_TOO_LARGE');
    expect(refusal?.message).toMatch(/names of the entries have \d+ bytes together; 8388608 are allowed/);
  });

  test('are refused by the folders that they need together', async () => {
    const refusal = await catchRefusal(...numbered(2_000, (n) => `dist/${n}/${'a/'.repeat(30)}x`));
    expect(refusal?.code).toBe('PACKAGE_TOO_LARGE');
    expect(refusal?.message).toMatch(/unpack to 62001 folders; 50000 are allowed/);
  });

  test('are refused one by one when they lie too deep', async () => {
    const refusal = await catchRefusal(`dist/${'a/'.repeat(100)}x`);
    expect(refusal?.code).toBe('PACKAGE_FORM');
    expect(refusal?.message).toMatch(/lies deeper than 40 folders/);
  });

  test('are compared with their neighbours alone and still all found, as by comparing all with all', () => {
    const name = fc
      .array(fc.constantFrom('a', 'A', 'b', 'ß', 'SS', 'Σ', 'ς', 'a!', 'a0'), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (names) => {
        const keys = names.map(foldPath);
        const isInTheWay = (key: string, index: number): boolean =>
          keys.some((other, at) => (at < index && other === key) || key.startsWith(`${other}/`));
        const expected = keys.flatMap((key, index) => (isInTheWay(key, index) ? [index] : []));
        expect(findCollisions(names).map((each) => each.path)).toEqual(expected);
      }),
    );
  });
});

describe('two names that a file system may take for one are refused', () => {
  test.each([
    ['a sharp s and two', 'dist/straße.js', 'dist/STRASSE.js'],
    ['a capital sharp s and a small one', 'dist/ẞ', 'dist/ß'],
    ['the two forms of a small sigma', 'dist/σας', 'dist/σασ'],
    ['a sigma at the end of a word and a capital', 'dist/λόγος.js', 'dist/ΛΌΓΟΣ.js'],
    ['a ligature and its letters', 'dist/ﬁle', 'dist/file'],
    ['a long s and a short one', 'dist/ſ', 'dist/s'],
    ['a blank and one that does not break', 'dist/a b', 'dist/a\u00a0b'],
    ['a file and a folder in another case', 'dist/Straße', 'dist/strasse/a'],
  ])('%s', async (_, one, other) => {
    const refusal = await catchRefusal(one, other);
    expect(refusal?.code).toBe('PACKAGE_FORM');
    expect(refusal?.message).toMatch(/same file|needs a folder/);
  });

  test('folding is complete: what any letter may become by changing case folds alike', () => {
    const characters = Array.from({ length: 0x3000 }, (_, point) => String.fromCodePoint(point));
    const differing = characters.filter(
      (each) => new Set([each, each.toUpperCase(), each.toLowerCase()].map(foldPath)).size > 1,
    );
    expect(differing).toEqual([]);
  });
});

describe('a name that shows nothing, or something else, is refused by the category of its characters', () => {
  test.each([
    ['a line feed', 'a\nb', /control, invisible/],
    ['a next line of C1', 'a\u0085b', /control, invisible/],
    ['a right-to-left override', 'a\u202egpj.js', /control, invisible/],
    ['a Hangul filler', 'a\u3164', /control, invisible/],
    ['a variation selector', 'a\ufe0f', /control, invisible/],
    ['a grapheme joiner', 'a\u034f', /control, invisible/],
    ['a blank of Braille', '\u2800', /control, invisible/],
    ['a tag', 'a\u{e0041}', /control, invisible/],
    ['a character of private use', 'a\ue000', /control, invisible/],
    ['a code point without a character', 'a\u{2fe0}', /control, invisible/],
    ['a device with a blank before its extension', 'aux .js', /reserved/],
    ['a console of Windows', 'CONIN$', /reserved/],
    ['a device with a raised digit', 'com¹.txt', /reserved/],
  ])('%s', async (_, name, words) => {
    const refusal = await catchRefusal(`dist/${name}`);
    expect(refusal?.code).toBe('PACKAGE_FORM');
    expect(refusal?.message).toMatch(words);
    expect(refusal?.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test('while letters of every script, marks and blanks are names like others', async () => {
    expect(
      await catchRefusal(
        'dist/größe.js',
        'dist/插件.js',
        'dist/ملف.js',
        'dist/a b',
        'dist/नाम',
        'dist/🎉.png',
      ),
    ).toBeUndefined();
  });
});

describe('a file that a manifest names follows the same rules', () => {
  const problems = (entry: string): string[] => {
    const runtime = { kind: 'library', entry };
    const read = manifestSchema.safeParse({
      id: 'com.example.a',
      name: 'A',
      version: '1.0.0',
      permissions: [],
      runtime,
    });
    return read.success ? [] : read.error.issues.map(({ message }) => message);
  };

  test.each([
    ['a line feed before it climbs', 'dist\n/../../../etc/passwd', /climbs/],
    ['a name that writes backwards', 'dist/\u202ejs.exe', /invisible/],
    ['an absolute path', '/etc/passwd', /absolute/],
    ['a device of Windows', 'dist/nul', /reserved/],
  ])('%s', (_, entry, words) => {
    expect(problems(entry).join(' ')).toMatch(words);
    expect(problems('dist/index.js')).toEqual([]);
  });
});
