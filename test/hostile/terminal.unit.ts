import fc from 'fast-check';
import { showRelease } from '../../cli/commands/status';
import { showError } from '../../cli/terminal/problems';
import { renderPairs, renderTable } from '../../cli/terminal/table';
import { createTerminal, type Terminal } from '../../cli/terminal/terminal';
import { drawEvent } from '../../cli/watch/draw';
import { createScreen } from '../../infra/demo/screen';
import { refusal } from '../../core/errors/errors';
import { quoteName, toPlainJson, toPlainLine } from '../../core/foreignText';
import { release } from '../web/support/fixtures';

const ESC = '\u001b';

/** What a server, a package or a publisher may write, and what of it a terminal would obey. */
const HOSTILE: [title: string, text: string][] = [
  ['clears the screen', `${ESC}[2J${ESC}[H`],
  ['renames the window', `${ESC}]0;owned\u0007`],
  ['renames the window without an end', `${ESC}]0;owned`],
  ['links elsewhere', `${ESC}]8;;https://evil.example${ESC}\\click${ESC}]8;;${ESC}\\`],
  ['writes to the clipboard', `${ESC}]52;c;ZXZpbA==\u0007`],
  ['sends a device string', `${ESC}P+q544e${ESC}\\`],
  ['asks the terminal to answer', `${ESC}[6n${ESC}c${ESC}Z`],
  ['uses the 8-bit forms', '\u009b2J\u009d0;owned\u009c\u0085\u0090x\u009c'],
  ['paints itself green', `${ESC}[32mapproved${ESC}[39m`],
  ['goes back and overwrites', 'rejected\r\b\b\bapproved'],
  ['draws lines of its own', 'x\n✔ approved by all\n'],
  ['uses other ends of lines', 'x\u2028y\u2029z\u000bw\u000cv'],
  ['writes backwards', 'exe.\u202egpj\u202c \u2066x\u2069 \u200f\u061c'],
  ['hides tags and halves', 'a\u{e0041}\ufeff\u200b\ud800b'],
];

/** Characters that are obeyed, but for line feeds and what this program's own colours are made of. */
const OBEYED =
  /(?!\n)[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
const OWN_COLOUR = new RegExp(`${ESC}\\[(?:1|2|22|3[1236]|39)m`, 'g');

/** What a command writes where a person watches. */
function written(command: (terminal: Terminal) => void, options = {}): string {
  const out: string[] = [];
  const stream = { write: (text: string) => out.push(text), isTTY: true };
  command(createTerminal({ env: {}, stdout: stream, stderr: stream }, options));
  return out.join('');
}

const event = (text: string) =>
  ({ seq: 1, at: '2026-01-01T00:00:00Z', kind: 'alert', text, actor: 'x', data: {} }) as const;

const places: [title: string, lines: number, command: (terminal: Terminal, text: string) => void][] = [
  ['a line of the timeline', 1, (terminal, text) => drawEvent(terminal, event(text))],
  ['a refusal', 2, (terminal, text) => showError(terminal, refusal('NOT_FOUND', text))],
  ['an unexpected error', 2, (terminal, text) => showError(terminal, new Error(text))],
  ['a cell of a table', 5, (terminal, text) => terminal.lines(renderTable(terminal, ['a'], [[text], ['b']]))],
  ['a pair', 1, (terminal, text) => terminal.lines(renderPairs(terminal, [['name', text]]))],
  ['painted text', 1, (terminal, text) => terminal.line(`${terminal.paint('red', text)} ${text}`)],
];

describe('text of others reaches a terminal without anything that it obeys, and in one line', () => {
  describe.each(places)('%s', (_, lines, command) => {
    test.each(HOSTILE)('that %s', (__, text) => {
      const plain = written((terminal) => command(terminal, 'harmless'));
      const out = written((terminal) => command(terminal, text));
      expect(out.replaceAll(OWN_COLOUR, '')).not.toMatch(OBEYED);
      expect(out.split('\n')).toHaveLength(lines + 1);
      // As many colours as for harmless words: none came from the text.
      expect(out.match(OWN_COLOUR)).toEqual(plain.match(OWN_COLOUR));
    });
  });

  test('a whole release, whatever its publisher wrote', () => {
    const text = HOSTILE.map(([, each]) => each).join(' ');
    const shown = release({ name: text, permissions: [text], problems: [{ code: 'X', detail: text }] });
    const out = written((terminal) => showRelease(terminal, shown));
    expect(out.replaceAll(OWN_COLOUR, '')).not.toMatch(OBEYED);
  });

  test('any text at all, in a painted line', () => {
    const unit = fc.constantFrom(
      ESC,
      '[',
      ']',
      '3',
      '1',
      ';',
      'm',
      '\u009b',
      '\n',
      '\r',
      '\u202e',
      '\u0007',
      '\\',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit }), (one, other) => {
        const out = written((terminal) => terminal.line(`${one}${terminal.paint('bold', other)}${one}`));
        expect(out.replaceAll(OWN_COLOUR, '')).not.toMatch(OBEYED);
        expect(out.match(OWN_COLOUR)).toHaveLength(2);
        expect(out.indexOf('\n')).toBe(out.length - 1);
      }),
    );
  });

  test('the demonstration, which shows what the marketplace says', () => {
    const out: string[] = [];
    const stream = { write: (text: string) => out.push(text), isTTY: true, columns: 100 };
    const screen = createScreen(stream as unknown as NodeJS.WriteStream, {});
    for (const [, text] of HOSTILE) {
      screen.line(text);
      screen.table(['a'], [[text]]);
    }
    const border = new RegExp(`${ESC}\\[90m`, 'g');
    expect(out.join('').replaceAll(OWN_COLOUR, '').replaceAll(border, '')).not.toMatch(OBEYED);
  });
});

test('the document of --json has the same value, and escapes what a terminal would obey', () => {
  for (const [, text] of HOSTILE) {
    const out = written((terminal) => terminal.document({ [text]: [text] }), { json: true });
    expect(out).not.toMatch(OBEYED);
    expect(JSON.parse(out)).toEqual({ [text]: [text] });
    expect(JSON.parse(toPlainJson([text]))).toEqual([text]);
  }
});

test('words, marks, emoji and blanks stay as they are', () => {
  for (const text of ['größer – 99 %', 'نمی‌خواهم', '👩‍👩‍👧 ok', 'नमस्ते', '  indented', 'a [31m b'])
    expect(toPlainLine(text)).toBe(text);
});

test('a name is quoted in one line that shows what is hidden in it', () => {
  expect(quoteName('a\u202egpj\n\u3164')).toBe('"a\\u{202e}gpj\\n\\u{3164}"');
});
