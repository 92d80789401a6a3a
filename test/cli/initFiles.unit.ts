import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

let home: string;
beforeEach(() => {
  home = temporaryFolder('cli');
});

const packageJson = (more: object = {}) =>
  JSON.stringify({ name: 'notes', version: '1.0.0', main: 'lib/i.js', ...more });

async function init(files: Record<string, string> = {}) {
  writeTree(path.join(home, 'source'), files);
  const { exit, out, err } = await runCli(['init', '--from', './source', '--out', 'made', '--json'], {
    cwd: home,
  });
  const entries = await readdir(path.join(home, 'made/dist'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const taken = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(home, 'made/dist'), path.join(entry.parentPath, entry.name)))
    .filter((name) => !['package.json', 'px-health.cjs'].includes(name));
  return { exit, out, err, taken: taken.sort() };
}

describe('init takes what npm pack would take', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'by files',
      { 'package.json': packageJson({ files: ['lib'] }), 'private/customers.csv': 'x', README: 'x' },
      ['README', 'lib/i.js'],
    ],
    [
      'by .npmignore',
      { 'package.json': packageJson(), '.npmignore': 'private/\n', 'private/x': 'x' },
      ['lib/i.js'],
    ],
    [
      'by .gitignore',
      { 'package.json': packageJson(), '.gitignore': '*.log\n', 'a.log': 'x', 'b.txt': 'x' },
      ['b.txt', 'lib/i.js'],
    ],
    [
      'by .npmignore before .gitignore',
      {
        'package.json': packageJson(),
        '.gitignore': 'b.txt\n',
        '.npmignore': 'a.txt\n',
        'a.txt': 'x',
        'b.txt': 'x',
      },
      ['b.txt', 'lib/i.js'],
    ],
    [
      'with the main file in any case',
      { 'package.json': packageJson({ files: ['other'], main: './lib/i.js' }), 'other/x': 'x' },
      ['lib/i.js', 'other/x'],
    ],
    [
      'with a folder called coverage',
      { 'package.json': packageJson(), 'lib/coverage/report.js': '' },
      ['lib/coverage/report.js', 'lib/i.js'],
    ],
  ])('%s', async (_how, files, expected) => {
    expect((await init({ ...files, 'lib/i.js': '' })).taken).toEqual(expected);
  });

  test('and what npm itself makes of the same folder is the same', async () => {
    const files = {
      'package.json': packageJson({ files: ['lib/**/*.js', '!lib/skip.js', 'data'], bin: './cli.js' }),
      ...{
        'lib/i.js': '',
        'lib/skip.js': '',
        'lib/a.txt': '',
        'data/x.json': '{}',
        'cli.js': '',
        'other.js': '',
      },
      ...{ 'readme.md': '', LICENSE: '', 'lib/.npmrc': '', 'data/.DS_Store': '' },
    };
    const { taken } = await init(files);
    const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: path.join(home, 'source'),
    });
    const [{ files: listed = [] } = {}] = JSON.parse(String(packed)) as { files?: { path: string }[] }[];
    expect(taken).toEqual(
      listed
        .map((file) => file.path)
        .filter((name) => name !== 'package.json')
        .sort(),
    );
  });
});

describe('init drops no file silently', () => {
  test('a link within the source becomes what it leads to, and is named', async () => {
    writeTree(path.join(home, 'source'), {
      'package.json': packageJson(),
      'shared/util.js': 'shared',
      'lib/i.js': '',
    });
    await symlink('../shared/util.js', path.join(home, 'source/lib/util.js'));
    await symlink('../shared', path.join(home, 'source/lib/all'));
    const { out, taken } = await init();
    expect(taken).toEqual(['lib/all/util.js', 'lib/i.js', 'lib/util.js', 'shared/util.js']);
    expect(await readFile(path.join(home, 'made/dist/lib/util.js'), 'utf8')).toBe('shared');
    expect(JSON.parse(out)).toMatchObject({ copiedLinks: ['lib/all', 'lib/util.js'] });
  });

  test.each<[string, (at: (name: string) => string) => Promise<void> | void, RegExp]>([
    [
      'a link out of the source',
      (at) => symlink('../../secret', at('lib/x')),
      /lib\/x.* is a link that leads out of the source/,
    ],
    ['a link to nothing', (at) => symlink('absent', at('lib/x')), /lib\/x.* is a link to what is not there/],
    [
      'a link to a folder around it',
      (at) => symlink('..', at('lib/x')),
      /lib\/x.* is a link to a folder around it/,
    ],
    [
      'a pipe',
      (at) => void execFileSync('mkfifo', [at('lib/x')]),
      /lib\/x.* is not a file that a package can hold/,
    ],
    [
      'a name that no system of Windows has',
      (at) => writeFileSync(at('lib/a*b'), ''),
      /a\*b.* is not a file that a package can hold/,
    ],
    [
      'a name that is no UTF-8',
      (at) => writeFileSync(Buffer.concat([Buffer.from(at('lib/caf')), Buffer.from([0xe9])]), ''),
      /caf.* has a name that is no UTF-8/,
    ],
  ])('%s is refused by name', async (_what, make, why) => {
    writeFileSync(path.join(home, 'secret'), 'of the author');
    writeTree(path.join(home, 'source'), { 'package.json': packageJson(), 'lib/i.js': '' });
    await make((name) => path.join(home, 'source', name));
    const { exit, out } = await init();
    expect([exit, out]).toEqual([1, expect.stringMatching(why)]);
    expect(out).toContain('FILE_UNSAFE');
  });

  test('what the rules leave out anyway may be anything', async () => {
    mkdirSync(path.join(home, 'source/work'), { recursive: true });
    await symlink('/nowhere', path.join(home, 'source/work/x'));
    expect(
      (await init({ 'package.json': packageJson(), 'lib/i.js': '', '.npmignore': 'work\n' })).taken,
    ).toEqual(['lib/i.js']);
  });

  test('certificates go along, and keys beside them are left behind by name', async () => {
    const pem = (kind: string) => `-----BEGIN ${kind}-----\nx\n-----END ${kind}-----\n`;
    const { out, taken } = await init({
      'package.json': packageJson(),
      'lib/i.js': '',
      'certs/ca.pem': pem('CERTIFICATE') + pem('CERTIFICATE'),
      'certs/own.pem': pem('CERTIFICATE') + pem('EC PRIVATE KEY'),
      'certs/public.key': pem('PUBLIC KEY'),
      'certs/private.key': pem('PRIVATE KEY'),
    });
    expect(taken).toEqual(['certs/ca.pem', 'certs/public.key', 'lib/i.js']);
    expect(JSON.parse(out)).toMatchObject({ leftBehind: ['certs/own.pem', 'certs/private.key'] });
  });
});
