import fc from 'fast-check';
import { problem } from '../../../core/errors/errors';
import { decideScans, type ScanResult } from '../../../core/scans/decision';
import {
  MAX_DETAIL_LENGTH,
  MAX_FINDINGS,
  countFindings,
  limitFindings,
  type ScanFinding,
} from '../../../core/scans/findings';
import type { ScanGroup, ScanPolicy } from '../../../core/scans/policy';
import { judgeFindings, listScanProblems, type ScanVerdict } from '../../../core/scans/report';
import { describeHeldScan, describeScan } from '../../../core/scans/timeline';

const policy = (flags: string): ScanPolicy => ({
  name: 'one',
  enabled: flags.includes('E'),
  enforced: flags.includes('F'),
  required: flags.includes('R'),
});

const result = (verdict: ScanVerdict, scanner = 'one'): ScanResult => ({ scanner, verdict, problems: [] });

const finding = (severity: ScanFinding['severity'], over: Partial<ScanFinding> = {}): ScanFinding => ({
  rule: 'a-rule',
  severity,
  detail: 'Something is there.',
  ...over,
});

describe('What a scanner’s verdict means', () => {
  // E = enabled, F = enforced (a fail rejects), R = required (silence holds).
  test.each([
    ['EFR', 'pass', 'proceed'],
    ['EFR', 'fail', 'reject'],
    ['EFR', 'inconclusive', 'hold'],
    ['EFR', 'missing', 'hold'],
    ['EF', 'pass', 'proceed'],
    ['EF', 'fail', 'reject'],
    ['EF', 'inconclusive', 'proceed'],
    ['EF', 'missing', 'proceed'],
    ['ER', 'fail', 'proceed'],
    ['ER', 'inconclusive', 'hold'],
    ['ER', 'missing', 'hold'],
    ['E', 'fail', 'proceed'],
    ['E', 'missing', 'proceed'],
    ['FR', 'fail', 'proceed'],
    ['FR', 'missing', 'proceed'],
  ] as const)(
    'under the policy %s a scanner whose verdict is %s makes the release %s',
    (flags, verdict, outcome) => {
      const results = verdict === 'missing' ? [] : [result(verdict)];
      expect(decideScans(results, [policy(flags)]).outcome).toBe(outcome);
    },
  );

  test('rejects at once although another required scanner is silent', () => {
    const policies = [policy('EFR'), { ...policy('EFR'), name: 'two' }];
    expect(decideScans([result('fail')], policies).outcome).toBe('reject');
    expect(decideScans([result('pass')], policies)).toEqual({ outcome: 'hold', silent: ['two'] });
  });

  test('rejects for a fail that came without a finding, and names the scanner', () => {
    const decision = decideScans([result('fail')], [policy('EFR')]);
    expect(decision).toMatchObject({
      problems: [{ code: 'SCAN_REJECTED', detail: expect.stringContaining('one') }],
    });
  });

  test('rejects with the sentences of every enforced scanner that failed, in order of the policies', () => {
    const said = (scanner: string): ScanResult => ({
      ...result('fail', scanner),
      problems: [problem('SCAN_REJECTED', `${scanner}: A secret.`, 'dist/a.js:1')],
    });
    const policies = ['two', 'one', 'three'].map((name) => ({ ...policy('EFR'), name }));
    const decision = decideScans([said('one'), said('two'), result('pass', 'three')], policies);
    expect(decision).toEqual({
      outcome: 'reject',
      problems: [
        { code: 'SCAN_REJECTED', detail: 'two: A secret.', pointer: 'dist/a.js:1' },
        { code: 'SCAN_REJECTED', detail: 'one: A secret.', pointer: 'dist/a.js:1' },
      ],
    });
  });

  test('never proceeds past a required scanner that gave no verdict', () => {
    const verdicts = fc.constantFrom<ScanVerdict>('pass', 'fail', 'inconclusive');
    const flags = fc.constantFrom('EFR', 'ER', 'EF', 'E', 'FR', '');
    const cases = fc.array(fc.tuple(flags, fc.option(verdicts)), { maxLength: 6 });
    fc.assert(
      fc.property(cases, (all) => {
        const policies = all.map(([each], index) => ({ ...policy(each), name: `s${index}` }));
        const results = all.flatMap(([, verdict], index) => (verdict ? [result(verdict, `s${index}`)] : []));
        const silent = all.some(
          ([each, said]) => /^E.*R/.test(each) && (said ?? 'inconclusive') === 'inconclusive',
        );
        const refused = all.some(([each, said]) => /^EF/.test(each) && said === 'fail');
        const expected = refused ? 'reject' : silent ? 'hold' : 'proceed';
        expect(decideScans(results, policies).outcome).toBe(expected);
      }),
    );
  });
});

describe('A verdict and its evidence', () => {
  test('is fail for a critical finding only', () => {
    expect(judgeFindings([])).toBe('pass');
    expect(judgeFindings([finding('info'), finding('warning')])).toBe('pass');
    expect(judgeFindings([finding('warning'), finding('critical')])).toBe('fail');
  });

  test('keeps the worst findings, tells how many are left out, and cuts long sentences', () => {
    const many = [
      ...Array.from({ length: 250 }, () =>
        finding('warning', { detail: 'x'.repeat(5000), path: 'p'.repeat(900) }),
      ),
      finding('critical'),
    ];
    const kept = limitFindings(many);
    expect(kept).toHaveLength(MAX_FINDINGS);
    expect(kept[0]?.severity).toBe('critical');
    expect(kept.at(-1)).toEqual({
      rule: 'more-findings',
      severity: 'info',
      detail: '152 more findings are not shown.',
    });
    expect(Math.max(...kept.map((each) => each.detail.length))).toBe(MAX_DETAIL_LENGTH);
    expect(Math.max(...kept.map((each) => each.path?.length ?? 0))).toBe(300);
    expect(limitFindings(many.slice(0, MAX_FINDINGS))).toHaveLength(MAX_FINDINGS);
  });

  test('are shown from the worst to the mildest, in the order in which they were found', () => {
    const found = (['info', 'warning', 'critical', 'warning'] as const).map((severity, index) =>
      finding(severity, { rule: `rule-${index}` }),
    );
    expect(limitFindings(found).map(({ rule }) => rule)).toEqual(['rule-2', 'rule-1', 'rule-3', 'rule-0']);
    expect(found[0]?.rule).toBe('rule-0');
  });

  test('are told in full up to the limits, and end with dots beyond them', () => {
    const [whole, cut] = limitFindings([
      finding('info', { detail: 'x'.repeat(MAX_DETAIL_LENGTH), path: 'p'.repeat(300) }),
      finding('info', { detail: 'x'.repeat(MAX_DETAIL_LENGTH + 1), path: 'p'.repeat(301) }),
    ]);
    expect([whole?.detail, whole?.path]).toEqual(['x'.repeat(MAX_DETAIL_LENGTH), 'p'.repeat(300)]);
    expect([cut?.detail, cut?.path]).toEqual([
      `${'x'.repeat(MAX_DETAIL_LENGTH - 1)}…`,
      `${'p'.repeat(299)}…`,
    ]);
    expect(limitFindings([finding('info')])[0]).not.toHaveProperty('path');
    const all = limitFindings(Array.from({ length: MAX_FINDINGS }, (_, line) => finding('info', { line })));
    expect(all.filter(({ rule }) => rule === 'more-findings')).toEqual([]);
  });

  test('becomes a few problems that say where to look', () => {
    const findings = Array.from({ length: 8 }, (_, line) => finding('critical', { path: 'dist/a.js', line }));
    const problems = listScanProblems({ scanner: 'secrets', verdict: 'fail', findings });
    expect(problems).toHaveLength(6);
    expect(problems[1]).toEqual({
      code: 'SCAN_REJECTED',
      detail: 'secrets: Something is there.',
      pointer: 'dist/a.js:1',
    });
    expect(problems[5]?.detail).toBe('secrets: 3 more findings.');
    const five = listScanProblems({ scanner: 'secrets', verdict: 'fail', findings: findings.slice(0, 5) });
    expect(five.map(({ pointer }) => pointer)).toEqual([0, 1, 2, 3, 4].map((line) => `dist/a.js:${line}`));
    expect(listScanProblems({ scanner: 'secrets', verdict: 'pass', findings: [finding('warning')] })).toEqual(
      [],
    );
  });
});

describe('A publisher is told of a failed scan', () => {
  const told = (findings: ScanFinding[], group?: ScanGroup) =>
    listScanProblems({ scanner: 'health', verdict: 'fail', findings }, group);

  test('under the code of a trial, where the plugin was started', () => {
    expect(told([finding('critical')]).map(({ code }) => code)).toEqual(['SCAN_REJECTED']);
    expect(told([finding('critical')], 'trial').map(({ code }) => code)).toEqual(['COMPATIBILITY_FAILED']);
  });

  test('with what is critical alone, and with the scanner’s name where nothing is', () => {
    expect(told([finding('warning'), finding('critical', { detail: 'Bad.' })])).toEqual([
      { code: 'SCAN_REJECTED', detail: 'health: Bad.' },
    ]);
    expect(told([finding('warning')])).toEqual([
      { code: 'SCAN_REJECTED', detail: 'The scanner health rejected the package.' },
    ]);
  });

  test('with the file where no line is known, and with no place where no file is', () => {
    expect(told([finding('critical', { path: 'dist/a.js' })])[0]?.pointer).toBe('dist/a.js');
    expect(told([finding('critical', { line: 3 })])[0]).not.toHaveProperty('pointer');
  });

  test('by the true number of findings, however few of them the report has room for', () => {
    const found = Array.from({ length: 250 }, (_, line) => finding('critical', { line }));
    const report = { findings: limitFindings(found), counts: countFindings(found) };
    const problems = listScanProblems({ scanner: 'health', verdict: 'fail', ...report });
    expect(problems.at(-1)?.detail).toBe('health: 245 more findings.');
  });

  test('not where there is no verdict, however bad the findings are', () => {
    const findings = [finding('critical')];
    expect(listScanProblems({ scanner: 'health', verdict: 'inconclusive', findings })).toEqual([]);
  });
});

describe('The timeline of the scans', () => {
  const report = {
    scanner: 'secrets',
    version: '1.0.0',
    rulesDigest: 'a'.repeat(64),
    findings: [finding('info'), finding('warning')],
    counts: { critical: 0, warning: 1, info: 1 },
    startedAt: '2026-05-01T00:00:00Z',
    finishedAt: '2026-05-01T00:00:01Z',
    policy: { enabled: true, enforced: true, required: true },
  };

  test('says what each scanner concluded, and how many findings a person should look at', () => {
    const text = (verdict: ScanVerdict, findings = report.findings) =>
      describeScan({ ...report, verdict, findings, counts: countFindings(findings) }, 'content').text;
    expect(text('pass')).toBe('Scanner secrets passed the package (1 finding).');
    expect(text('fail', [finding('critical'), finding('warning')])).toBe(
      'Scanner secrets rejected the package (2 findings).',
    );
    expect(text('inconclusive', [])).toBe('Scanner secrets could not reach a verdict.');
  });

  test('says the same verdict by the same rules once', () => {
    const { key } = describeScan({ ...report, verdict: 'pass' }, 'content');
    expect(describeScan({ ...report, verdict: 'pass', findings: [] }, 'content').key).toBe(key);
    expect(describeScan({ ...report, verdict: 'fail' }, 'content').key).not.toBe(key);
    expect(describeScan({ ...report, verdict: 'pass', rulesDigest: 'b' }, 'content').key).not.toBe(key);
  });

  test('says which scanners are awaited, and when they run again', () => {
    expect(describeHeldScan({ silent: ['eicar', 'secrets'], retryInMs: 30_000, attempt: 2 })).toMatchObject({
      key: 'scan_held:eicar+secrets:2',
      text: 'No verdict yet from eicar, secrets; trying again in 30 s.',
    });
  });
});
