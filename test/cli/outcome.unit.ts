import { listReleaseProblems } from '../../cli/publish/outcome';
import { describePlaced, showError } from '../../cli/terminal/problems';
import { createTerminal } from '../../cli/terminal/terminal';
import { Refusal } from '../../core/errors/errors';
import { limitFindings, type ScanFinding } from '../../core/scans/findings';
import { listScanProblems } from '../../core/scans/report';

const found = (count: number): ScanFinding[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ rule: 'aws', severity: 'critical', path: `dist/${index}.js`, line: index + 1 },
    detail: 'An access key of AWS.',
  }));

/** A release that the scanner `secrets` rejected for so many findings. */
function rejected(count: number) {
  const findings = limitFindings(found(count));
  const scan = { scanner: 'secrets', verdict: 'fail' as const };
  return {
    ...{ versionId: 'notes@1.0.0', state: 'rejected' as const },
    problems: listScanProblems({ ...scan, findings }),
    scans: [
      { ...scan, version: '1', rulesDigest: 'a', findings, finishedAt: '2026-11-21T12:00:00.000Z' },
      {
        ...scan,
        scanner: 'eicar',
        version: '1',
        rulesDigest: 'b',
        findings: [],
        finishedAt: '2026-11-21T12:00:00.000Z',
      },
    ],
  };
}

function show(count: number): string[] {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text.trimEnd()) };
  showError(
    createTerminal({ env: {}, stdout: stream, stderr: stream }),
    new Refusal(listReleaseProblems(rejected(count))),
  );
  return lines;
}

describe('A release that a scanner rejected', () => {
  test('is told with file and line of every finding, though the release keeps five', () => {
    const shown = show(13).filter((line) => line.startsWith('SCAN_REJECTED'));
    expect(shown).toEqual(
      Array.from(
        { length: 13 },
        (_, index) => `SCAN_REJECTED  dist/${index}.js:${index + 1}: secrets: An access key of AWS.`,
      ),
    );
  });

  test('says how many findings there are no room for', () => {
    const shown = show(150).filter((line) => line.startsWith('SCAN_REJECTED'));
    expect(shown).toHaveLength(100);
    expect(shown.at(-1)).toBe('SCAN_REJECTED  secrets: 51 more findings are not shown.');
  });

  test('keeps what was not found by a scanner, and sentences of codes that are not known here', () => {
    const release = { ...rejected(1), problems: [{ code: 'NEW_CODE', detail: 'Something new.' }] };
    expect(listReleaseProblems(release).map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      'RELEASE_ENDED notes@1.0.0 ended as rejected.',
      'RELEASE_ENDED NEW_CODE: Something new.',
    ]);
  });

  test('names a place once, and no JSON pointer', () => {
    const detail = 'It is wrong.';
    expect(describePlaced({ detail, pointer: 'dist/a.js:3' })).toBe('dist/a.js:3: It is wrong.');
    expect(describePlaced({ detail, pointer: '/manifest/id' })).toBe(detail);
    expect(describePlaced({ detail: 'dist/a.js is wrong.', pointer: 'dist/a.js' })).toBe(
      'dist/a.js is wrong.',
    );
  });
});

test('a terminal that says it has 0 columns is taken for one of 80', () => {
  const stream = { write: () => true, isTTY: true };
  const columns = (given: number) =>
    createTerminal({ env: {}, stdout: { ...stream, columns: given }, stderr: stream }).columns;
  expect([columns(0), columns(132)]).toEqual([80, 132]);
});
