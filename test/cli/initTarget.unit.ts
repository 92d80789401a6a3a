import { readFile, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

let home: string;
let work: string;
beforeEach(() => {
  home = temporaryFolder('cli');
  work = path.join(home, 'work');
  writeTree(home, {
    'outside/mine.txt': 'outside',
    'work/source/package.json': '{"name":"notes","version":"1.2.3"}',
    'work/source/index.js': '',
    'work/source/sub/own.js': 'own',
    'work/copy/.git/config': 'git',
    'work/copy/mine.txt': 'mine',
    'work/around/deep/.hg/store': 'hg',
    'work/taken/mine.txt': 'mine',
    'work/file': 'a file',
  });
});

const init = async (cwd: string, ...args: string[]) => await runCli(['init', ...args], { cwd });

/** Every file below the folder with its content. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const read = files.map(async (file) => [path.relative(folder, file), await readFile(file, 'utf8')]);
  return Object.fromEntries((await Promise.all(read)) as [string, string][]);
}

describe('init --force deletes nothing that it did not write', () => {
  test.each<[string, string, RegExp]>([
    ['the current folder', '.', /is the current folder or holds it/],
    ['the folder around it', '..', /is the current folder or holds it/],
    ['the root of all folders', '/', /is the current folder or holds it/],
    ['the source', 'source', /is the source or holds it/],
    ['a folder of the source', 'source/sub', /lies inside the source, .* --out source-plugin lies beside it/],
    ['a new folder in the source', 'source/new/one', /lies inside the source/],
    ['a working copy', 'copy', /is under version control \(\.git\)/],
    ['a folder with a working copy in it', 'around', /is under version control \(deep\/\.hg\)/],
    ['a folder elsewhere', '../outside', /holds files and lies outside of the current folder/],
    ['a link to a folder elsewhere', 'link', /holds files and lies outside of the current folder/],
    ['a link to the source', 'alias', /is the source or holds it/],
    ['a file', 'file', /is, or lies below, a file/],
    ['what would lie below a file', 'file/made', /is, or lies below, a file/],
  ])('and refuses %s', async (_what, out, why) => {
    await symlink('../outside', path.join(work, 'link'));
    await symlink('source', path.join(work, 'alias'));
    const before = await snapshot(home);
    const { exit, err } = await init(work, '--from', 'source', '--out', out, '--force');
    expect([exit, err]).toEqual([1, expect.stringMatching(why)]);
    expect(err).toContain('TARGET_UNSAFE');
    expect(await snapshot(home)).toEqual(before);
  });

  test('and writes nothing into a source that is the current folder, but says where to', async () => {
    const before = await snapshot(home);
    const { exit, err } = await init(path.join(work, 'source'), '--from', '.');
    expect([exit, err]).toEqual([1, expect.stringContaining('--out ../source-plugin lies beside it')]);
    expect(await snapshot(home)).toEqual(before);
    expect((await init(path.join(work, 'source'), '--from', '.', '--out', '../source-plugin')).exit).toBe(0);
    expect(await snapshot(home)).toMatchObject(before);
  });

  test('and keeps what was in the place, each time under another name that it tells', async () => {
    const first = await init(work, '--from', 'source', '--out', 'taken', '--force');
    expect([first.exit, first.out]).toEqual([
      0,
      expect.stringMatching(/kept +what was there, in taken\.backup\n/),
    ]);
    expect(await readdir(path.join(work, 'taken.backup'))).toEqual(['mine.txt']);
    const second = await init(work, '--from', 'source', '--out', 'taken', '--force');
    expect(second.out).toMatch(/kept +what was there, in taken\.backup-2\n/);
    expect(await readdir(path.join(work, 'taken.backup-2'))).toContain('manifest.json');
    expect(await readdir(path.join(work, 'taken.backup'))).toEqual(['mine.txt']);
  });

  test('and leaves what is there when the source turns out to hold no plugin', async () => {
    writeTree(work, { 'empty/package.json': '{"name":"notes","version":"1.2.3"}', 'empty/README.md': '' });
    const before = await snapshot(home);
    expect((await init(work, '--from', 'empty', '--out', 'taken', '--force')).exit).toBe(1);
    expect(await snapshot(home)).toEqual(before);
  });
});
