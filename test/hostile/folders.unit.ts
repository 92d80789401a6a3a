import { execFileSync } from 'node:child_process';
import { link, lstat, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isNoise } from '../../cli/init/noise';
import { createPluginFolder } from '../support/builders/pluginFolder';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

let home: string;
let root: string;
/** A file of the author's own, outside of the clone. */
let secret: string;
const SECRET = '# Own\n\n## 1.1.0\n\nexport TOKEN=of-the-author\n';

beforeEach(async () => {
  home = temporaryFolder('cli');
  root = await createPluginFolder(home);
  secret = path.join(home, '.bashrc');
  await writeFile(secret, SECRET);
});

const run = (...args: string[]) => runCli(args, { cwd: home });
const inClone = (...names: string[]): string => path.join(root, ...names);
const parseCodes = (out: string): string[] =>
  (JSON.parse(out) as { errors: { code: string }[] }).errors.map((each) => each.code);

describe('a cloned folder cannot make px-plugin write elsewhere', () => {
  test('by a link in place of a file of its own folder: the link is replaced, what it names stays', async () => {
    await mkdir(inClone('.px-plugin'));
    await symlink(secret, inClone('.px-plugin', '.gitignore'));
    const { exit } = await run('pack', 'plugin');
    expect(exit).toBe(0);
    expect(await readFile(secret, 'utf8')).toBe(SECRET);
    expect((await lstat(inClone('.px-plugin', '.gitignore'))).isFile()).toBe(true);
    expect(await readFile(inClone('.px-plugin', '.gitignore'), 'utf8')).toBe('*\n');
  });

  test.each([
    ['its own folder', ['.px-plugin']],
    ['the folder of packages', ['.px-plugin', 'packages']],
  ])('by a link in place of %s', async (_, names) => {
    const elsewhere = path.join(home, 'elsewhere');
    await mkdir(elsewhere);
    await mkdir(path.dirname(inClone(...names)), { recursive: true });
    await symlink(elsewhere, inClone(...names));
    const { exit, err } = await run('pack', 'plugin');
    expect([exit, err]).toEqual([1, expect.stringMatching(/FILE_UNSAFE .* is a link; it must be a folder/)]);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  test('by a package or a receipt that is a link already', async () => {
    const name = 'com.example.tools.notes-1.1.0-any-any.pxp';
    await mkdir(inClone('.px-plugin', 'packages'), { recursive: true });
    await symlink(secret, inClone('.px-plugin', 'packages', name));
    expect((await run('pack', 'plugin')).exit).toBe(0);
    expect(await readFile(secret, 'utf8')).toBe(SECRET);
    expect((await lstat(inClone('.px-plugin', 'packages', name))).isFile()).toBe(true);
  });

  test.each<[string, (log: string) => Promise<void>]>([
    ['a link', (log) => symlink(secret, log)],
    ['a second name', (log) => link(secret, log)],
    ['a dangling link', (log) => symlink(`${secret}.new`, log)],
    ['a pipe', async (log) => void execFileSync('mkfifo', [log])],
  ])('by a log that is %s', async (_, make) => {
    await mkdir(inClone('.px-plugin'));
    await make(inClone('.px-plugin', 'publish.log'));
    const env = { PX_MARKETPLACE_API_URL: 'http://127.0.0.1:9', PX_MARKETPLACE_TOKEN: 'x' };
    const { exit, err } = await runCli(['publish', 'plugin'], { cwd: home, env });
    expect([exit, err]).toEqual([1, expect.stringContaining('FILE_UNSAFE')]);
    expect(await readFile(secret, 'utf8')).toBe(SECRET);
    expect(await readdir(home)).not.toContain('.bashrc.new');
  });
});

describe('nothing of the author’s own is published through a link out of the folder', () => {
  const precheck = async (...args: string[]) => {
    const { exit, out } = await run('precheck', 'plugin', '--json', ...args);
    return [exit, parseCodes(out)];
  };

  test('as release notes of a flag', async () => {
    await symlink(secret, inClone('release.md'));
    expect(await precheck('--notes', 'plugin/release.md')).toEqual([1, ['FILE_UNSAFE']]);
    await symlink(secret, path.join(home, 'notes.md'));
    // Beside the folder a link may stay in its own folder, as here; out of it, it may not.
    expect(await precheck('--notes', 'notes.md')).toEqual([0, []]);
    await mkdir(path.join(home, 'texts'));
    await symlink(secret, path.join(home, 'texts', 'notes.md'));
    expect(await precheck('--notes', 'texts/notes.md')).toEqual([1, ['FILE_UNSAFE']]);
  });

  test.each(['CHANGELOG.md', 'manifest.json', 'plugin.yaml', 'publish.yml'])('as %s', async (name) => {
    await rm(inClone(name), { force: true });
    await symlink(secret, inClone(name));
    expect(await precheck()).toEqual([1, ['FILE_UNSAFE']]);
  });

  test('while a link inside of the folder is read', async () => {
    writeTree(root, { 'docs/changes.md': '## 1.1.0\n\n- New.\n', 'CHANGELOG.md': null });
    await symlink('docs/changes.md', inClone('CHANGELOG.md'));
    expect(await precheck()).toEqual([0, []]);
  });

  test('and a pipe or a device in place of a file does not keep it waiting', async () => {
    await rm(inClone('CHANGELOG.md'));
    execFileSync('mkfifo', [inClone('CHANGELOG.md')]);
    expect(await precheck()).toEqual([1, ['FILE_UNSAFE']]);
    await mkdir(inClone('.px-plugin'));
    await rm(inClone('CHANGELOG.md'));
    await symlink('/dev/zero', inClone('CHANGELOG.md'));
    expect(await precheck()).toEqual([1, ['FILE_UNSAFE']]);
  });
});

describe('init leaves behind what may hold credentials', () => {
  const SECRETS = [
    ...[
      '.env',
      '.envrc',
      '.env.local',
      '.env_prod',
      '.env-dylan',
      '.npmrc',
      '.yarnrc.yml',
      '.netrc',
      '_netrc',
    ],
    ...['.pypirc', '.git-credentials', '.htpasswd', '.pgpass', '.my.cnf', '.s3cfg', '.bash_history'],
    ...[
      '.aws/config',
      '.aws/credentials',
      '.azure/x.json',
      '.docker/config.json',
      '.kube/config',
      '.ssh/known_hosts',
    ],
    ...['.gnupg/x', 'credentials.json', 'lib/credentials.yml', 'google-credentials.json', 'secrets.toml'],
    ...['service-account.json', 'service_account_prod.json', 'client_secret_1.apps.json', 'CREDENTIALS.JSON'],
    ...['application_default_credentials.json', 'terraform.tfstate', 'terraform.tfstate.backup'],
    ...[
      'id_rsa',
      'id_ecdsa',
      'id_ed25519_sk',
      'secret.key',
      'keystore.p12',
      'a.pem',
      'a.pfx',
      'a.jks',
      'a.ppk',
    ],
  ];

  test('and says so, file by file', async () => {
    const files = Object.fromEntries(SECRETS.map((name) => [name, 'TOKEN=x']));
    const source = { ...files, 'package.json': '{"name":"notes","version":"1.0.0"}', 'index.js': '' };
    writeTree(path.join(home, 'source'), source);
    const { exit, out } = await run('init', '--from', './source', '--out', 'made', '--json');
    expect(exit).toBe(0);
    const made = await readdir(path.join(home, 'made', 'dist'), { recursive: true });
    expect(made.filter((name) => name !== 'lib').sort()).toEqual([
      'index.js',
      'package.json',
      'px-health.cjs',
    ]);
    const { leftBehind } = JSON.parse(out) as { leftBehind: string[] };
    for (const name of SECRETS)
      expect(leftBehind.some((each) => name === each || name.startsWith(`${each}/`))).toBe(true);
    await rm(path.join(home, 'made'), { recursive: true });
    const told = await run('init', '--from', './source', '--out', 'made');
    expect(told.out).toMatch(/left behind +\.aws\/config, .* and \d+ more: such files may hold credentials/);
  });

  test('while code and data of such names go along', () => {
    for (const name of [
      'credentials.js',
      'credentials/Notes.credentials.js',
      'secrets/index.ts',
      'keys.json',
    ])
      expect([name, isNoise(name)]).toEqual([name, false]);
    for (const name of ['environment.json', 'key.svg', 'monkey.js', 'envrc', 'docs/secret.md'])
      expect([name, isNoise(name)]).toEqual([name, false]);
  });
});
