import { catalogue } from '../../core/errors/catalogue';
import { createPluginFolder } from '../support/builders/pluginFolder';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('cli');
});

const run = (args: string[], env = {}) => runCli(args, { cwd: folder, env });

describe('px-plugin', () => {
  test('its help names every command and every environment variable', async () => {
    const { exit, out } = await run(['--help']);
    expect(exit).toBe(0);
    for (const name of [
      'init',
      'keys',
      'precheck',
      'pack',
      'publish',
      'status',
      'watch',
      'review',
      'doctor',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    for (const name of [
      'PX_MARKETPLACE_API_URL',
      'PX_MARKETPLACE_TOKEN',
      'PX_SIGNING_PROFILE',
      'PX_ARTIFACT_STORE_ENDPOINT',
    ]) {
      expect(out).toContain(name);
    }
  });

  test.each(['init', 'keys', 'precheck', 'pack', 'publish', 'status', 'watch', 'review', 'doctor'])(
    '%s explains itself',
    async (name) => {
      const { exit, out } = await run([name, '--help']);
      expect(exit).toBe(0);
      expect(out).toContain(`Usage: px-plugin ${name}`);
    },
  );

  test.each([
    [[], 'No command was given'],
    [['pubish'], 'publish'],
    [['publish', '--chanel', 'beta'], '--channel'],
    [['status'], 'id'],
    [['review', 'reject', 'a@1.0.0'], '--notes'],
  ])('%j is a mistake in the command line: exit 2, and what was meant', async (args, hint) => {
    const { exit, err } = await run(args);
    expect(exit).toBe(2);
    expect(err).toMatch(/^USAGE {2}/);
    expect(err).toContain(hint);
    expect(err).toContain(catalogue.USAGE.next);
  });

  test('--channel x is refused with exit 2, naming the allowed values [CLI-02]', async () => {
    const { exit, err } = await run(['publish', '--channel', 'x']);
    expect(exit).toBe(2);
    expect(err).toContain('stable, beta');
  });

  test('without PX_MARKETPLACE_API_URL publishing stops at once, naming it [CLI-27]', async () => {
    await createPluginFolder(folder);
    const { exit, err } = await run(['publish', 'plugin'], { PX_MARKETPLACE_TOKEN: 'secret' });
    expect(exit).toBe(2);
    expect(err).toContain('PX_MARKETPLACE_API_URL is not set');
  });

  test('all missing settings are named at once, and an empty one counts as missing [CLI-27] [CLI-28]', async () => {
    const { exit, err } = await run(['status', 'a@1.0.0'], { PX_MARKETPLACE_API_URL: '' });
    expect(exit).toBe(2);
    expect(err).toContain('PX_MARKETPLACE_API_URL');
    expect(err).toContain('PX_MARKETPLACE_TOKEN');
  });

  test('a setting that is wrong is named without its value', async () => {
    const env = { PX_MARKETPLACE_API_URL: 'ftp://user:hush@example.com', PX_MARKETPLACE_TOKEN: 't' };
    const { exit, err } = await run(['status', 'a@1.0.0'], env);
    expect(exit).toBe(2);
    expect(err).toContain('SETTING_INVALID  PX_MARKETPLACE_API_URL');
    expect(err).not.toContain('hush');
  });

  test('with --json a refusal is one document: the shape of every validator, with next steps [PRE-22]', async () => {
    const { out } = await run(['status', 'a@1.0.0', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      errors: [
        { code: 'SETTING_MISSING', detail: expect.any(String), next: catalogue.SETTING_MISSING.next },
        {},
      ],
    });
  });

  test('no output holds a control character when nobody watches', async () => {
    const { all } = await run(['publish', '--channel', '\u001b[31mred']);
    expect(all).toContain('red');
    // eslint's own rule against control characters in patterns is why this counts codes.
    expect([...all].filter((each) => each < ' ' && each !== '\n')).toEqual([]);
  });
});
