import { quoteName, quoteSentences, toPlainJson, toPlainLine, toPlainLines } from '../../core/foreignText';

const ESC = '\u001b';

test.each([
  ['plain text stays', 'plain text stays'],
  [`a${ESC}[31mb${ESC}[0mc`, 'abc'],
  [`a${ESC}[1;2?>x b`, 'a b'],
  [`a${ESC}[ qb`, 'ab'],
  [`a${ESC}[`, 'a'],
  [`a${ESC}]0;title\u0007b`, 'ab'],
  [`a${ESC}]8;;http://x${ESC}\\b`, 'ab'],
  [`a${ESC}]0;title\u009cb`, 'ab'],
  [`a${ESC}]0;title\nb`, 'a b'],
  [`a${ESC}Pq${ESC}\\b`, 'ab'],
  [`a${ESC}Xs${ESC}\\b${ESC}^p${ESC}\\c${ESC}_q${ESC}\\d`, 'abcd'],
  ['a\u009d0;t\u009cb\u0090x\u009cc\u0098x\u009cd\u009ex\u009ce\u009fx\u009cf', 'abcdef'],
  ['a\u009b31mb', 'ab'],
  [`a${ESC}cb${ESC}(Bc${ESC}`, 'abc'],
  ['a\tb\nc\r\nd\u0085e\u2028f\u2029g\vh\fi', 'a b c d e f g h i'],
  ['a\n\n\tb', 'a b'],
  ['ends\n', 'ends'],
  ['ends\r\n\u2028', 'ends'],
  ['\u0007a\u0000b\u007fc\u0080d', 'abcd'],
  ['a\u202eb\u2066c\u200fd\ufeffe\u{e0041}f\ud800g', 'abcdefg'],
  ['a\u200db\u200cc', 'a\u200db\u200cc'],
])('%j becomes %j', (text, plain) => {
  expect(toPlainLine(text)).toBe(plain);
});

test('lines of a text are cleaned one by one', () => {
  expect(toPlainLines(`a${ESC}[31m\nb\r\nc`)).toEqual(['a', 'b', 'c']);
  expect(toPlainLines('')).toEqual(['']);
});

test('JSON for terminals escapes what they obey and nothing else', () => {
  expect(toPlainJson({ a: '\u009b\u202e\u2028\u{e0041}\u007f', b: 'ö\n' })).toBe(
    '{"a":"\\u009b\\u202e\\u2028\\udb40\\udc41\\u007f","b":"ö\\n"}',
  );
  expect(toPlainJson(['\u2029', 1], 2)).toBe('[\n  "\\u2029",\n  1\n]');
});

test.each([
  ['It’s fine.\nReally.', '"It’s fine. Really."'],
  ['a" b “c” «d» ″e″ 「f」 ＂g＂', `"a' b 'c' 'd' 'e' 'f' 'g'"`],
  [`a'' b`, `"a' b"`],
  ['a\u202eb', '"ab"'],
])('the sentences %j are quoted as %s, and cannot end the quotation', (text, quoted) => {
  expect(quoteSentences(text)).toBe(quoted);
});

test.each([
  ['dist/a b.js', '"dist/a b.js"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['größe', '"größe"'],
  ['a\u202eb', '"a\\u{202e}b"'],
  ['a\u3164\ue000\u2028', '"a\\u{3164}\\u{e000}\\u{2028}"'],
  ['a\nb', '"a\\nb"'],
  ['x'.repeat(200), `"${'x'.repeat(200)}"`],
  ['x'.repeat(201), `"${'x'.repeat(200)}"…`],
])('the name %j is quoted as %s', (name, quoted) => {
  expect(quoteName(name)).toBe(quoted);
});
