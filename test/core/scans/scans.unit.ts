import fc from 'fast-check';
import {
  MAX_DETAIL_LENGTH,
  MAX_FINDINGS,
  boundedFindings,
  decideScans,
  problemsOf,
  verdictOf,
  type ScanFinding,
  type ScanPolicy,
  type ScanResult,
  type ScanVerdict,
} from '../../../core/scans/scans';

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

describe('What a scanner’s word is worth', () => {
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
  ] as const)('under the policy %s a scanner that says %s lets the release %s', (flags, verdict, outcome) => {
    const results = verdict === 'missing' ? [] : [result(verdict)];
    expect(decideScans(results, [policy(flags)]).outcome).toBe(outcome);
  });

  test('rejects at once although another required scanner is silent', () => {
    const policies = [policy('EFR'), { ...policy('EFR'), name: 'two' }];
    expect(decideScans([result('fail')], policies).outcome).toBe('reject');
    expect(decideScans([result('pass')], policies)).toEqual({ outcome: 'hold', silent: ['two'] });
  });

  test('rejects for a fail that came without a word, and names the scanner', () => {
    const decision = decideScans([result('fail')], [policy('EFR')]);
    expect(decision).toMatchObject({
      problems: [{ code: 'SCAN_REJECTED', detail: expect.stringContaining('one') }],
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
    expect(verdictOf([])).toBe('pass');
    expect(verdictOf([finding('info'), finding('warning')])).toBe('pass');
    expect(verdictOf([finding('warning'), finding('critical')])).toBe('fail');
  });

  test('keeps the worst findings, tells how many are left out, and cuts long sentences', () => {
    const many = [
      ...Array.from({ length: 250 }, () =>
        finding('warning', { detail: 'x'.repeat(5000), path: 'p'.repeat(900) }),
      ),
      finding('critical'),
    ];
    const kept = boundedFindings(many);
    expect(kept).toHaveLength(MAX_FINDINGS);
    expect(kept[0]?.severity).toBe('critical');
    expect(kept.at(-1)).toEqual({
      rule: 'more-findings',
      severity: 'info',
      detail: '152 more findings are not shown.',
    });
    expect(Math.max(...kept.map((each) => each.detail.length))).toBe(MAX_DETAIL_LENGTH);
    expect(Math.max(...kept.map((each) => each.path?.length ?? 0))).toBe(300);
    expect(boundedFindings(many.slice(0, MAX_FINDINGS))).toHaveLength(MAX_FINDINGS);
  });

  test('becomes a few problems that say where to look', () => {
    const findings = Array.from({ length: 8 }, (_, line) => finding('critical', { path: 'dist/a.js', line }));
    const problems = problemsOf({ scanner: 'secrets', verdict: 'fail', findings });
    expect(problems).toHaveLength(6);
    expect(problems[1]).toEqual({
      code: 'SCAN_REJECTED',
      detail: 'secrets: Something is there.',
      pointer: 'dist/a.js:1',
    });
    expect(problems[5]?.detail).toBe('secrets: 3 more findings.');
    expect(problemsOf({ scanner: 'secrets', verdict: 'pass', findings: [finding('warning')] })).toEqual([]);
  });
});
