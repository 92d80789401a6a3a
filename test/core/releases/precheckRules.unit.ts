import { problem, type Problem } from '../../../core/errors/errors';
import { runPrecheck, toValidationResult } from '../../../core/releases/precheck';
import type { Parsed, PluginFacts, PrecheckFacts } from '../../../core/releases/precheckFacts';

const plugin = (changes: Partial<PluginFacts> = {}): Parsed<PluginFacts> => ({
  value: {
    id: 'com.example.notes',
    version: '1.1.0',
    permissions: [],
    runtime: { entry: 'dist/index.js', health: { script: 'dist/px-health.cjs' } },
    ...changes,
  },
});

/** What one check says of some facts: undefined when it was not run. */
const check = (id: string, facts: PrecheckFacts) => runPrecheck(facts).checks.find((each) => each.id === id);

describe('Each check says what is wrong, where, and what helps', () => {
  test.each<[string, PrecheckFacts, Problem]>([
    [
      'dist',
      { files: ['manifest.json', 'old/dist/x.js'] },
      problem('DIST_EMPTY', 'There are no files under dist/.', 'dist'),
    ],
    [
      'entry',
      { manifest: plugin(), files: ['dist/other.js'] },
      problem('ENTRY_MISSING', 'runtime.entry names dist/index.js, which does not exist.', '/runtime/entry'),
    ],
    [
      'health',
      { manifest: plugin(), files: ['dist/index.js'] },
      problem(
        'HEALTH_MISSING',
        'runtime.health names dist/px-health.cjs, which does not exist.',
        '/runtime/health',
      ),
    ],
    [
      'health',
      { manifest: plugin({ runtime: { entry: 'dist/index.js' } }) },
      problem('HEALTH_MISSING', 'The manifest has no runtime.health.script.', '/runtime/health'),
    ],
    [
      'notes',
      { manifest: plugin(), notes: null },
      problem('NOTES_MISSING', 'There are no release notes for 1.1.0.', '/notes'),
    ],
    [
      'notes',
      { notes: null },
      problem('NOTES_MISSING', 'There are no release notes for this version.', '/notes'),
    ],
    [
      'notes',
      { manifest: plugin(), notes: { text: 'x'.repeat(100_001), source: 'changelog' } },
      problem(
        'NOTES_TOO_LONG',
        'The release notes of 1.1.0 have 100001 characters; 100000 are the most.',
        '/notes',
      ),
    ],
    [
      'version',
      { manifest: plugin({ version: 'v1.1.0' }) },
      problem('VERSION_INVALID', '"v1.1.0" is not a SemVer 2.0.0 version.', '/version'),
    ],
    [
      'version',
      { manifest: plugin(), publishedVersions: ['1.2.0'] },
      problem(
        'VERSION_NOT_INCREMENTED',
        'Version 1.1.0 is not greater than 1.2.0, the newest version in channel stable.',
        '/version',
      ),
    ],
    [
      'channel',
      { channel: { name: 'nightly', allowed: ['stable', 'beta'] } },
      problem('CHANNEL_INVALID', 'There is no channel "nightly"; allowed are stable and beta.', '/channel'),
    ],
    [
      'agreement',
      { manifest: plugin({ permissions: ['b.read', 'a.read'] }), pluginYaml: plugin() },
      problem(
        'PRECHECK_MANIFEST_MISMATCH',
        'permissions is "a.read, b.read" in manifest.json and "(none)" in plugin.yaml.',
        '/permissions',
      ),
    ],
    [
      'files',
      { fileProblems: [problem('PACKAGE_SYMLINK', 'dist/link is a symbolic link.', 'dist/link')] },
      problem('PACKAGE_SYMLINK', 'dist/link is a symbolic link.', 'dist/link'),
    ],
    [
      'plugin-yaml',
      { pluginYaml: { problems: [problem('PLUGIN_YAML_MISSING', 'There is no plugin.yaml.')] } },
      problem('PLUGIN_YAML_MISSING', 'There is no plugin.yaml.'),
    ],
  ])('%s [PRE-01]', (id, facts, expected) => {
    expect(check(id, facts)).toMatchObject({ status: 'fail', problems: [expected] });
  });

  test('generated notes are a warning that names the version, and its next step', () => {
    const notes = { text: 'Metadata.', source: 'generated' } as const;
    expect(check('notes', { manifest: plugin(), notes })).toEqual({
      id: 'notes',
      title: 'There are release notes',
      status: 'warn',
      problems: [
        {
          code: 'NOTES_MISSING',
          detail: 'The release notes of 1.1.0 were generated; write what changed for its users.',
          pointer: '/notes',
        },
      ],
      remediation: 'Pass --notes <file>, or add a section for this version to CHANGELOG.md.',
    });
  });

  test('the next steps of several problems are told once each', () => {
    const fileProblems = [
      problem('PACKAGE_PATH', 'One.'),
      problem('PACKAGE_SYMLINK', 'Two.'),
      problem('PACKAGE_PATH', 'Three.'),
    ];
    expect(check('files', { fileProblems })?.remediation).toBe(
      'Rename the listed files. Replace the listed links with the files that they point to.',
    );
  });
});

describe('A check is run', () => {
  const ids = (facts: PrecheckFacts) => runPrecheck(facts).checks.map(({ id }) => id);
  const broken: Parsed<PluginFacts> = {
    problems: [problem('MANIFEST_INVALID', 'manifest.json is no JSON.')],
  };

  test('when its facts are known, and not when they are unknown', () => {
    expect(ids({})).toEqual([]);
    expect(ids({ files: [] })).toEqual(['dist']);
    expect(ids({ pluginYaml: plugin() })).toEqual(['plugin-yaml']);
    expect(ids({ fileProblems: [] })).toEqual(['files']);
    expect(ids({ notes: null })).toEqual(['notes']);
    expect(ids({ stages: [] })).toEqual(['rollout']);
    expect(ids({ signing: { profile: 'default', problems: [] } })).toEqual(['signing']);
    expect(ids({ channel: { name: 'beta', allowed: ['beta'] } })).toEqual(['channel']);
  });

  test('on nothing that could not be read: an unreadable manifest is one problem, not five', () => {
    const report = runPrecheck({ manifest: broken, pluginYaml: plugin(), files: ['dist/index.js'] });
    expect(report.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'manifest fail',
      'plugin-yaml pass',
      'dist pass',
    ]);
    expect(report.errors).toEqual([problem('MANIFEST_INVALID', 'manifest.json is no JSON.')]);
  });

  test('with the health script alone, where the files are not known', () => {
    expect(check('health', { manifest: plugin() })?.status).toBe('pass');
  });

  test('under a title of its own', () => {
    const all = runPrecheck({
      manifest: plugin(),
      pluginYaml: plugin(),
      files: ['dist/index.js', 'dist/px-health.cjs'],
      fileProblems: [],
      notes: { text: 'Faster.', source: 'flag' },
      channel: { name: 'stable', allowed: ['stable'] },
      stages: [{ basisPoints: 10_000, durationMs: 0 }],
      signing: { profile: 'default', problems: [] },
    }).checks;
    expect(all).toHaveLength(12);
    expect(new Set(all.map(({ id }) => id)).size).toBe(12);
    expect(new Set(all.map(({ title }) => title)).size).toBe(12);
    expect(all.filter(({ title }) => !/^\S+( \S+)+$/.test(title))).toEqual([]);
  });
});

describe('The answer of a validator', () => {
  test('is valid without errors, and lists them otherwise [PRE-22]', () => {
    const errors = [problem('DIST_EMPTY', 'No files.')];
    expect(toValidationResult([])).toEqual({ valid: true, errors: [] });
    expect(toValidationResult(errors)).toEqual({ valid: false, errors });
  });
});
