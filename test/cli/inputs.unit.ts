import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createPluginFolder, pluginFiles } from '../support/builders/pluginFolder';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('cli');
});

const run = (...args: string[]) => runCli(args, { cwd: folder });

/** The report of a sound folder with some files changed. */
async function precheck(files: Record<string, string | null>, ...args: string[]) {
  await createPluginFolder(folder, files);
  const { exit, out, err } = await run('precheck', 'plugin', '--json', ...args);
  return { exit, err, report: JSON.parse(out) as Report };
}

interface Report {
  valid: boolean;
  errors: { code: string; detail: string; pointer?: string }[];
  checks: { id: string; title: string; status: string; remediation: string | null }[];
}

const changed = (name: string, changes: object) =>
  JSON.stringify({ ...(JSON.parse(pluginFiles()[name]!) as object), ...changes }, null, 2);

describe('precheck', () => {
  test('lists every check as passed for a sound folder [PRE-01]', async () => {
    const { exit, report } = await precheck({});
    expect(exit).toBe(0);
    expect(report).toMatchObject({ valid: true, errors: [] });
    expect(report.checks.length).toBeGreaterThan(10);
    expect(new Set(report.checks.map((check) => check.status))).toEqual(new Set(['pass']));
  });

  test('lists what failed with its remediation, and exits with 1 [PRE-01] [PRE-22]', async () => {
    const { exit, report } = await precheck({ 'CHANGELOG.md': null });
    expect(exit).toBe(1);
    expect(report.valid).toBe(false);
    expect(report.checks.find((check) => check.id === 'notes')).toMatchObject({
      status: 'fail',
      remediation: expect.stringContaining('--notes'),
    });
  });

  test('for people it is a line a check, with code and next step', async () => {
    await createPluginFolder(folder, { 'CHANGELOG.md': null });
    const { exit, out } = await run('precheck', 'plugin');
    expect(exit).toBe(1);
    expect(out).toMatch(/✔ manifest\.json is valid\n/);
    expect(out).toMatch(/✖ There are release notes\n {4}NOTES_MISSING .*\n {4}next: /);
  });

  test('finds credentials and native programs before anything is sent, with file and line', async () => {
    const secret = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6'].join('');
    const program = Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(100)]);
    writeTree(folder, {});
    await createPluginFolder(folder, {
      'dist/config.js': `\nexports.token = "${secret}";\n`,
      'dist/tool': program,
      'backend/tool': program,
    });
    const { exit, out } = await run('precheck', 'plugin', '--json');
    const report = JSON.parse(out) as { errors: { code: string; pointer: string; next: string }[] };
    expect(exit).toBe(1);
    expect(report.errors.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'SCAN_REJECTED dist/config.js:2',
      'SCAN_REJECTED dist/tool',
    ]);
    expect(report.errors.every(({ next }) => next.length > 10)).toBe(true);
    expect(out).not.toContain(secret);
  });

  test('names what was not checked here, and why, and does not call that ready', async () => {
    await createPluginFolder(folder);
    const { exit, out } = await run('precheck', 'plugin');
    expect(exit).toBe(0);
    expect(out).toMatch(
      /- The token may publish, and the key is registered: not checked here, no marketplace/,
    );
    expect(out).toMatch(/- All scanners, the trial installation and the review: not checked here/);
    expect(out).toContain('ready to publish, as far as it could be checked here');
    const report = JSON.parse((await run('precheck', 'plugin', '--json')).out) as { skipped: object[] };
    expect(report.skipped).toHaveLength(4);
  });

  test('a deleted manifest.json is named [CLI-13]', async () => {
    const { exit, report } = await precheck({ 'manifest.json': null });
    expect(exit).toBe(1);
    expect(report.errors).toMatchObject([
      { code: 'MANIFEST_MISSING', detail: expect.stringContaining('manifest.json') },
      ...report.errors.slice(1),
    ]);
  });

  test('a deleted plugin.yaml is named [CLI-14]', async () => {
    const { report } = await precheck({ 'plugin.yaml': null });
    expect(report.errors).toMatchObject([
      { code: 'PLUGIN_YAML_MISSING', detail: expect.stringContaining('plugin.yaml') },
    ]);
  });

  test('another id or version in plugin.yaml is a disagreement, each field named [CLI-14]', async () => {
    const { report } = await precheck({
      'plugin.yaml': changed('plugin.yaml', { id: 'com.example.other', version: '9.9.9' }),
    });
    expect(report.errors.map((each) => [each.code, each.pointer])).toEqual([
      ['PRECHECK_MANIFEST_MISMATCH', '/id'],
      ['PRECHECK_MANIFEST_MISMATCH', '/version'],
    ]);
  });

  test('mistakes are told with file, line and field, all at once', async () => {
    const yaml =
      'id: com.example.tools.notes\nname: Notes\nversion: one\npermissions: []\ncolour: red\nruntime:\n  entry: dist/index.js\n';
    const { report } = await precheck({ 'plugin.yaml': yaml });
    const details = report.errors.map((each) => each.detail);
    expect(details).toContainEqual(expect.stringMatching(/^plugin\.yaml, line 3: version: must be a SemVer/));
    expect(details).toContainEqual(
      expect.stringMatching(/^plugin\.yaml, line 5: colour: is not a known key/),
    );
  });

  test('YAML and JSON that cannot be parsed are told by line', async () => {
    const { report } = await precheck({ 'plugin.yaml': 'id: x\n  y: [', 'manifest.json': '{ id: 1 }' });
    const codes = new Set(report.errors.map((each) => each.code));
    expect(codes).toEqual(new Set(['PLUGIN_YAML_INVALID', 'MANIFEST_INVALID']));
    expect(report.errors.map((each) => each.detail).join(' ')).toMatch(/plugin\.yaml, line \d/);
  });

  test('an empty dist is refused [CLI-15]', async () => {
    await createPluginFolder(folder, { dist: null });
    const { exit, err, out } = await run('pack', 'plugin');
    expect(exit).toBe(1);
    expect(err).toContain('DIST_EMPTY');
    expect(out).not.toContain('packed');
  });

  test('publish.yml is refused by path where a key is unknown', async () => {
    const { report } = await precheck({ 'publish.yml': 'channels:\n  - name: stable\n    rolout: {}\n' });
    expect(report.errors).toMatchObject([{ code: 'PUBLISH_YML_INVALID', pointer: '/channels/0/rolout' }]);
    expect(report.errors[0]!.detail).toContain('line 3');
  });

  test('a rollout of publish.yml that shrinks is refused before anything is packed', async () => {
    const batches =
      'rollout:\n  batches:\n    - { percentage: 50, wait: 1h }\n    - { percentage: 10, wait: 1h }\n';
    const { report } = await precheck({ 'publish.yml': batches });
    expect(report.errors.map((each) => each.code)).toContain('ROLLOUT_PLAN_INVALID');
  });

  test('a notes file that is missing is refused, naming it', async () => {
    await createPluginFolder(folder);
    const { exit, err } = await run('precheck', 'plugin', '--notes', 'nowhere.md');
    expect(exit).toBe(1);
    expect(err).toMatch(/NOTES_MISSING .*nowhere\.md/);
  });
});

describe('pack', () => {
  test('writes the package, its signature and the digest list, with each file of dist in it [PKG-01] [CLI-15]', async () => {
    await createPluginFolder(folder);
    const { exit, out } = await run('pack', 'plugin', '--json', '--out', 'packed');
    expect(exit).toBe(0);
    const built = JSON.parse(out) as { path: string; integrityPath: string; signaturePath: string };
    expect(path.dirname(built.path)).toBe(path.join(folder, 'packed'));
    const integrity = await readFile(built.integrityPath, 'utf8');
    for (const name of ['dist/index.js', 'dist/health.cjs', 'dist/assets/logo.svg'])
      expect(integrity).toContain(`  ${name}\n`);
    expect(await readFile(built.signaturePath, 'utf8')).toContain('BEGIN PGP SIGNATURE');
  });

  test('the same folder gives the same package', async () => {
    await createPluginFolder(folder);
    const digests = [];
    for (const out of ['a', 'b']) {
      digests.push(
        (JSON.parse((await run('pack', 'plugin', '--json', '--out', out)).out) as { sha256: string }).sha256,
      );
    }
    expect(digests[0]).toBe(digests[1]);
  });

  test('a private key that others can read is refused', async () => {
    const root = await createPluginFolder(folder);
    const { chmod } = await import('node:fs/promises');
    await chmod(path.join(folder, 'signing', 'default', 'private.asc'), 0o644);
    const { exit, err } = await run('pack', path.relative(folder, root));
    expect(exit).toBe(1);
    expect(err).toContain('SIGNING_KEY_EXPOSED');
  });

  test('without a signing profile nothing is packed, and the way to one is told [CLI-29]', async () => {
    writeTree(path.join(folder, 'plugin'), pluginFiles());
    const { exit, err } = await run('pack', 'plugin');
    expect(exit).toBe(1);
    expect(err).toContain('SIGNING_PROFILE_MISSING');
    expect(err).toContain('px-plugin keys create');
  });
});

describe('signing profiles', () => {
  test('two profiles sign with two keys, chosen by PX_SIGNING_PROFILE [CLI-29]', async () => {
    await createPluginFolder(folder);
    await run('keys', 'create', '--profile', 'second');
    const signers = [];
    for (const profile of ['default', 'second']) {
      const env = { PX_SIGNING_PROFILE: profile };
      const { out } = await runCli(['pack', 'plugin', '--out', profile], { cwd: folder, env });
      signers.push(/signed by ([0-9A-F]{40})/.exec(out)?.[1]);
    }
    expect(new Set(signers).size).toBe(2);
    const listed = JSON.parse((await run('keys', 'list', '--json')).out) as {
      keys: { fingerprint: string }[];
    };
    expect(listed.keys.map((key) => key.fingerprint).sort()).toEqual([...signers].sort());
  });

  test('a key is made once, is for its owner alone, and never leaves by the screen', async () => {
    const made = await run('keys', 'create');
    expect(made.exit).toBe(0);
    const file = path.join(folder, 'signing', 'default', 'private.asc');
    const { stat } = await import('node:fs/promises');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(made.all).not.toContain('PRIVATE KEY');
    const before = await readFile(file, 'utf8');
    expect((await run('keys', 'create')).exit).toBe(4);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  test('a passphrase is needed to sign with the key that it protects', async () => {
    writeTree(path.join(folder, 'plugin'), pluginFiles());
    const env = { PX_SIGNING_PASSPHRASE: 'correct horse' };
    await runCli(['keys', 'create'], { cwd: folder, env });
    expect((await runCli(['pack', 'plugin'], { cwd: folder, env })).exit).toBe(0);
    const { exit, err } = await run('pack', 'plugin');
    expect(exit).toBe(1);
    expect(err).toContain('SIGNING_KEY_UNUSABLE');
  });

  test('a profile name cannot lead out of the folder of profiles', async () => {
    const { exit } = await run('keys', 'create', '--profile', '../../evil');
    expect(exit).toBe(2);
  });
});
