import fc from 'fast-check';
import { GENERATED_MARK, isGenerated, notesFor, withoutMark } from '../../../core/releases/notes';

describe('notes of a version in a changelog', () => {
  test.each([
    ['## 1.2.0'],
    ['## v1.2.0'],
    ['## [1.2.0] - 2026-01-01'],
    ['### 1.2.0 (2026-01-01)'],
    ['# Release 1.2.0'],
    ['## 1.2.0: the fast one'],
    ['## [1.2.0](https://example.com/compare)'],
    ['1.2.0\n-----'],
    ['v1.2.0 (2026)\n==='],
    ['1.2.0\n---  '],
    ['  1.2.0\n----'],
    ['#### VERSION v1.2.0, at last'],
    ['#\t1.2.0'],
    ['##   1.2.0   ##  '],
    ['## 1.2.0 #'],
    ['## release   1.2.0'],
  ])('%j begins its section [CLI-16]', (heading) => {
    const text = `# Changelog\n\n## 1.3.0\n\n- newer\n\n${heading}\n\n- wanted\n\n### Fixed\n\n- too\n\n## 1.1.0\n\n- older\n`;
    expect(notesFor(text, '1.2.0')).toBe('- wanted\n\n### Fixed\n\n- too');
  });

  test.each(['1.2.0-beta.1', '11.2.0', '1.2.01', '1.2.0.1', '1.2'])(
    '%s is another version [CLI-16]',
    (other) => {
      expect(notesFor(`## ${other}\n\n- something\n`, '1.2.0')).toBeUndefined();
    },
  );

  test.each([
    '##1.2.0',
    '##### 1.2.0',
    'see ## 1.2.0',
    '1.2.0',
    '1.2.0\n--',
    '1.2.0\n==',
    '1.2.0\n---x',
    '1.2.0\nx---',
    '1.2.0\n--=',
    '## about 1.2.0',
    '## release1.2.0',
    '## 1.2.0x',
    '## 1.2.0-',
    '## 1.2.0+',
    '## 1.2.0+build.7',
    '## x1.2.0',
  ])('%j is no heading of 1.2.0', (line) => {
    expect(notesFor(`${line}\n\n- something\n`, '1.2.0')).toBeUndefined();
  });

  test.each(['1.2.0-beta.1', '1.2.0-x-Y.9', '1.2.0+build.7', '1.2.0-rc.1+5.B-z', '10.20.30', '0.0.1'])(
    '%s has its section',
    (version) => {
      expect(notesFor(`## [${version}]: first\n\n- own\n`, version)).toBe('- own');
    },
  );

  test('a changelog may begin with a byte order mark, and mix line ends', () => {
    expect(notesFor('\uFEFF## 1.2.0\r\n- one\n- two\r\n', '1.2.0')).toBe('- one\n- two');
    expect(notesFor('## 1.2.0\n- a\uFEFFb', '1.2.0')).toBe('- a\uFEFFb');
    expect(notesFor('- \uFEFF\n\n## 1.2.0\n- \uFEFFkept', '1.2.0')).toBe('- \uFEFFkept');
  });

  test('the first of two sections of a version counts', () => {
    expect(notesFor('## 1.2.0\n- first\n## 1.2.0\n- second\n', '1.2.0')).toBe('- first');
  });

  test('an empty section and a missing one are no notes', () => {
    expect(notesFor('## 1.2.0\n\n## 1.1.0\n\n- older', '1.2.0')).toBeUndefined();
    expect(notesFor('', '1.2.0')).toBeUndefined();
  });

  test('a version in a code block is an example, not a heading', () => {
    expect(notesFor('## 1.2.0\n\n```\n## 1.1.0\n```\n\nend', '1.2.0')).toContain('end');
    expect(notesFor('## 1.2.0\n\n  ~~~ md\n## 1.1.0\n  ~~~\nend\n## 1.1.0\nold', '1.2.0')).toMatch(
      /~~~\nend$/,
    );
    expect(notesFor('```\n## 1.2.0\n- an example\n```\n', '1.2.0')).toBeUndefined();
    expect(notesFor('a `` ``` b\n## 1.2.0\n- own\n', '1.2.0')).toBe('- own');
  });

  test('generated notes are known by their mark, which readers do not see', () => {
    const notes = notesFor(`## 1.0.0\n\n${GENERATED_MARK}\n\n- x`, '1.0.0') ?? '';
    expect(isGenerated(notes)).toBe(true);
    expect(withoutMark(notes)).toBe('- x');
    expect(isGenerated('- x')).toBe(false);
    expect(withoutMark('  - x\n')).toBe('- x');
    expect(GENERATED_MARK).toMatch(/^<!-- .+ -->$/);
  });

  test('whatever a section says is given back, and nothing of its neighbours', () => {
    const line = fc.stringMatching(/^[a-z]{1,20}$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), line, (own, other) => {
        const text = `# Log\r\n\r\n## 2.0.0\r\n\r\n${own.join('\r\n')}\r\n\r\n## 1.0.0\r\n\r\n${other}\r\n`;
        expect(notesFor(text, '2.0.0')).toBe(own.join('\n'));
        expect(notesFor(text, '1.0.0')).toBe(other);
      }),
    );
  });
});
