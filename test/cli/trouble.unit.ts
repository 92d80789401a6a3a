import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeTrouble } from '../../cli/terminal/trouble';
import { toExitStatus, toProblems } from '../../cli/terminal/problems';
import { catalogue } from '../../core/errors/catalogue';
import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';

const system = (code: string, more: object = {}) => Object.assign(new Error(`${code}: x`), { code, ...more });

describe('Trouble of the author’s machine', () => {
  test.each([
    ['EACCES', 'FILE_DENIED'],
    ['EPERM', 'FILE_DENIED'],
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'DISK_READ_ONLY'],
    ['EMFILE', 'FILE_LIMIT'],
  ] as const)('%s is told as %s, with the file and advice, and never as ours', (code, expected) => {
    const error = system(code, { syscall: 'open', path: '/work/plugin/.px-plugin' });
    const [problem] = toProblems(error);
    expect(problem).toMatchObject({
      code: expected,
      detail: expect.stringContaining('/work/plugin/.px-plugin'),
    });
    expect(catalogue[expected].class).toBe('user');
    expect(toExitStatus(error)).toBe(1);
  });

  test('names the file that was to be written, not the one beside it', () => {
    const error = system('EROFS', { path: '/a/.tmp-1', dest: '/a/receipt.json' });
    expect(describeTrouble(error)?.detail).toContain('/a/receipt.json cannot be written');
  });

  test('a user without a home folder is told to set one', () => {
    const error = system('ERR_SYSTEM_ERROR', { syscall: 'uv_os_homedir' });
    expect(toProblems(error)).toMatchObject([{ code: 'HOME_MISSING' }]);
    expect(toExitStatus(error)).toBe(2);
  });

  test('anything else stays an internal error', () => {
    expect(toProblems(new TypeError('x'))).toMatchObject([{ code: 'INTERNAL' }]);
    expect(describeTrouble(undefined)).toBeUndefined();
  });

  (existsSync('/dev/full') ? test : test.skip)('a disk that is really full is told so', () => {
    let thrown: unknown;
    try {
      writeFileSync(openSync('/dev/full', 'w'), 'x');
    } catch (error) {
      thrown = error;
    }
    expect(toProblems(thrown)).toMatchObject([{ code: 'DISK_FULL' }]);
  });
});

describe('Publishing', () => {
  let bench: PublishBench;
  beforeEach(async () => (bench = await openPublishBench()));
  afterEach(() => bench.close());

  const setVersion = (version: string) => {
    for (const name of ['manifest.json', 'plugin.yaml', 'CHANGELOG.md']) {
      const file = path.join(bench.root, name);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('1.1.0', version));
    }
  };

  test('with a key that is a folder says which file, and what to do', async () => {
    const home = path.join(bench.folder, 'keys');
    mkdirSync(path.join(home, 'default', 'private.asc'), { recursive: true });
    const { exit, err } = await bench.publish([], { PX_SIGNING_HOME: home });
    expect(exit).toBe(1);
    expect(err).toMatch(/SIGNING_KEY_UNUSABLE {2}.*private\.asc is a folder, not a key\./);
  });

  test('refuses a version that is no SemVer with the right spelling', async () => {
    setVersion('v1.1.0');
    const { exit, err } = await bench.publish();
    expect(exit).toBe(1);
    expect(err).toContain('must be a SemVer 2.0.0 version such as 1.1.0');
  });

  test('takes the notes from a changelog of any size', async () => {
    const file = path.join(bench.root, 'CHANGELOG.md');
    writeFileSync(
      file,
      `${readFileSync(file, 'utf8')}\n${'- An old change of an old version.\n'.repeat(100_000)}`,
    );
    expect((await bench.publish()).exit).toBe(0);
    expect(bench.marketplace.submissions[0]?.notes).toBe('- Search is faster.');
  });

  test('names a byte order mark where it may not be, and passes it over in a changelog', async () => {
    for (const name of ['CHANGELOG.md', 'manifest.json']) {
      const file = path.join(bench.root, name);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, `\uFEFF${text}`);
      const { exit, err } = await bench.publish();
      if (name === 'CHANGELOG.md') expect(exit).toBe(0);
      else
        expect(err).toContain(
          'manifest.json, line 1: begins with a byte order mark; save it as UTF-8 without one.',
        );
      writeFileSync(file, text);
    }
  });

  test('sends a prerelease to nobody by default: the channel is to be named', async () => {
    setVersion('1.1.0-rc.1');
    const { exit, err } = await bench.publish();
    expect(exit).toBe(2);
    expect(err).toMatch(/CHANNEL_UNCLEAR {2}1\.1\.0-rc\.1 is a prerelease.*\n {2}next: Pass --channel beta/);
    expect((await bench.publish(['--channel', 'beta'])).exit).toBe(0);
    writeFileSync(path.join(bench.root, 'publish.yml'), 'channels: [stable]\n');
    expect((await bench.publish()).exit).toBe(0);
    expect(bench.marketplace.submissions.map(({ channel }) => channel)).toEqual(['beta', 'stable']);
  });
});
