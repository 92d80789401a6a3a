import fc from 'fast-check';
import { refuseInvalid, runPrecheck } from '../../../core/releases/precheck';
import type { PrecheckFacts } from '../../../core/releases/precheckFacts';
import { Refusal, problem } from '../../../core/errors/errors';

const plugin = (changes = {}) => ({
  id: 'com.example.tools.notes',
  version: '1.1.0',
  permissions: ['storage.read'],
  runtime: { entry: 'dist/index.js', health: { script: 'dist/px-health.cjs' } },
  ...changes,
});

const facts = (changes: Partial<PrecheckFacts> = {}): PrecheckFacts => ({
  manifest: { value: plugin() },
  pluginYaml: { value: plugin() },
  files: ['manifest.json', 'dist/index.js', 'dist/px-health.cjs'],
  notes: { text: 'Faster search.', source: 'changelog' },
  channel: { name: 'stable', allowed: ['stable', 'beta'] },
  publishedVersions: ['1.0.0'],
  stages: [{ basisPoints: 10_000, durationMs: 1000 }],
  signing: { profile: 'default', problems: [] },
  ...changes,
});

const failing = (changes: Partial<PrecheckFacts>) =>
  runPrecheck(facts(changes)).errors.map((each) => each.code);

describe('prechecks', () => {
  test('a sound submission passes every check and asks for nothing [PRE-01]', () => {
    const report = runPrecheck(facts());
    expect(report).toMatchObject({ valid: true, errors: [] });
    expect(report.checks.map((check) => check.status)).toEqual(Array(11).fill('pass'));
    expect(report.checks.every((check) => check.remediation === null)).toBe(true);
  });

  test.each<[string, Partial<PrecheckFacts>, string]>([
    ['a folder without a file under dist', { files: ['manifest.json'] }, 'DIST_EMPTY'],
    ['an entry that does not exist', { files: ['dist/px-health.cjs'] }, 'ENTRY_MISSING'],
    ['a health script that does not exist', { files: ['dist/index.js'] }, 'HEALTH_MISSING'],
    [
      'no health check',
      { manifest: { value: plugin({ runtime: { entry: 'dist/index.js' } }) } },
      'HEALTH_MISSING',
    ],
    ['no release notes', { notes: null }, 'NOTES_MISSING'],
    ['blank release notes', { notes: { text: ' \n', source: 'flag' } }, 'NOTES_MISSING'],
    ['a version that is no SemVer', { manifest: { value: plugin({ version: '1.2' }) } }, 'VERSION_INVALID'],
    ['an unknown channel', { channel: { name: 'nightly', allowed: ['stable'] } }, 'CHANNEL_INVALID'],
    ['a rollout without stages', { stages: [] }, 'ROLLOUT_PLAN_INVALID'],
    [
      'a signing profile that cannot sign',
      { signing: { profile: 'x', problems: [problem('SIGNING_PROFILE_MISSING', 'There is no profile x.')] } },
      'SIGNING_PROFILE_MISSING',
    ],
    [
      'an unreadable manifest',
      { manifest: { problems: [problem('MANIFEST_MISSING', 'No file.')] } },
      'MANIFEST_MISSING',
    ],
  ])('%s is refused and says how to mend it [PRE-01]', (_name, changes, code) => {
    const report = runPrecheck(facts(changes));
    expect(report.valid).toBe(false);
    expect(report.errors.map((each) => each.code)).toContain(code);
    const failed = report.checks.filter((check) => check.status === 'fail');
    expect(failed.every((check) => (check.remediation ?? '').length > 0)).toBe(true);
  });

  test('1.0.0 after 1.1.0 in the same channel is refused, naming both [PRE-02]', () => {
    const manifest = { value: plugin({ version: '1.0.0' }) };
    const { errors } = runPrecheck(
      facts({ manifest, pluginYaml: manifest, publishedVersions: ['1.1.0', '0.9.0'] }),
    );
    expect(errors).toMatchObject([{ code: 'VERSION_NOT_INCREMENTED' }]);
    expect(errors[0]?.detail).toMatch(/1\.0\.0.*1\.1\.0.*stable/);
  });

  test('a version that exists already is a matter of content, not of order [PRE-03]', () => {
    expect(failing({ publishedVersions: ['1.1.0', '1.0.0'] })).toEqual([]);
  });

  test.each(['id', 'version', 'permissions'])(
    'manifest.json and plugin.yaml must agree in %s [CLI-14]',
    (field) => {
      const other = { id: 'com.example.other', version: '1.2.0', permissions: ['network.get'] };
      const pluginYaml = { value: plugin({ [field]: other[field as keyof typeof other] }) };
      const { errors } = runPrecheck(facts({ pluginYaml }));
      expect(errors).toMatchObject([{ code: 'PRECHECK_MANIFEST_MISMATCH', pointer: `/${field}` }]);
    },
  );

  test('the order of permissions is no disagreement', () => {
    const manifest = { value: plugin({ permissions: ['b.read', 'a.read'] }) };
    const pluginYaml = { value: plugin({ permissions: ['a.read', 'b.read'] }) };
    expect(failing({ manifest, pluginYaml })).toEqual([]);
  });

  test('generated notes are pointed out and refuse nothing', () => {
    const report = runPrecheck(facts({ notes: { text: 'Metadata.', source: 'generated' } }));
    expect(report.valid).toBe(true);
    expect(report.checks.find((check) => check.id === 'notes')?.status).toBe('warn');
  });

  test('a server that sees no files runs only what it can judge', () => {
    const { manifest, notes, channel, publishedVersions } = facts();
    const report = runPrecheck({
      manifest: manifest!,
      notes: notes!,
      channel: channel!,
      publishedVersions: publishedVersions!,
    });
    expect(report.checks.map((check) => check.id)).toEqual([
      'manifest',
      'health',
      'notes',
      'version',
      'channel',
    ]);
  });

  test('every problem is told at once, and each of them is in the refusal [PRE-22]', () => {
    const report = runPrecheck(facts({ files: [], notes: null, stages: [] }));
    expect(Object.keys(report)).toEqual(expect.arrayContaining(['valid', 'errors']));
    const codes = report.errors.map((each) => each.code);
    expect(codes).toEqual([
      'DIST_EMPTY',
      'ENTRY_MISSING',
      'HEALTH_MISSING',
      'NOTES_MISSING',
      'ROLLOUT_PLAN_INVALID',
    ]);
    expect(() => refuseInvalid(report)).toThrow(Refusal);
  });
});

describe('prechecks, for any facts', () => {
  const anyFacts = fc.record(
    {
      manifest: fc.constantFrom<PrecheckFacts['manifest']>(
        { value: plugin() },
        { value: plugin({ version: 'x' }) },
        { problems: [problem('MANIFEST_INVALID', 'Bad.')] },
      ),
      files: fc.subarray(['dist/index.js', 'dist/px-health.cjs', 'manifest.json']),
      notes: fc.option(fc.record({ text: fc.string(), source: fc.constantFrom('flag', 'generated') })),
      publishedVersions: fc.subarray(['0.1.0', '1.1.0', '2.0.0']),
      stages: fc.array(fc.record({ basisPoints: fc.integer(), durationMs: fc.integer() }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<PrecheckFacts>;

  test('valid means exactly that no check failed, and the errors are those of the failed checks [PRE-22]', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const report = runPrecheck(given);
        const failed = report.checks.filter((check) => check.status === 'fail');
        expect(report.valid).toBe(failed.length === 0);
        expect(report.errors).toEqual(failed.flatMap((check) => check.problems));
      }),
    );
  });

  test('knowing less never refuses more [PRE-01]', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.constantFrom('files', 'notes', 'publishedVersions', 'stages'),
        (given, forgotten) => {
          const rest = Object.fromEntries(Object.entries(given).filter(([name]) => name !== forgotten));
          const details = new Set(runPrecheck(given).errors.map((each) => each.code));
          expect(runPrecheck(rest).errors.every((each) => details.has(each.code))).toBe(true);
        },
      ),
    );
  });
});
