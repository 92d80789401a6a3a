import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { tryLock, waitForLock } from '../../platform/lock';
import { identifyProcess } from '../../platform/processes/identity';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-lock-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The lock that a process left which is not any more. */
async function leaveLock({ pid, startedAt }: { pid: number; startedAt: string }): Promise<void> {
  await mkdir(lock);
  await writeFile(path.join(lock, `${pid}.${encodeURIComponent(startedAt)}.0123456789ab`), '');
}

/** A program that has just ended. */
async function runToTheEnd(): Promise<{ pid: number; startedAt: string }> {
  const child = spawn(process.execPath, ['-e', '']);
  const identity = identifyProcess(child.pid ?? 0);
  await once(child, 'close');
  return { pid: child.pid ?? 0, startedAt: identity?.startedAt ?? 'never' };
}

test('a lock is held by one at a time, free again after its release, and leaves nothing behind', async () => {
  const first = await tryLock(lock);
  expect(await tryLock(lock)).toMatchObject({ taken: false, holder: { pid: process.pid } });
  if (first.taken) await first.lock.release();
  expect(await readdir(folder)).toEqual([]);
  expect(await tryLock(lock)).toMatchObject({ taken: true });
});

test('the lock of a process that was killed is taken over', async () => {
  await leaveLock(await runToTheEnd());
  expect(await tryLock(lock)).toMatchObject({ taken: true });
  expect(await readdir(folder)).toEqual(['lock']);
  expect(await readdir(lock)).toHaveLength(1);
});

test('a lock survives no power cut, even when another process has the same number and start time', async () => {
  const { pid, startedAt } = identifyProcess(process.pid)!;
  // The boot is the part before the colon.
  await leaveLock({ pid, startedAt: startedAt.replace(/^[^:]+/, '00000000') });
  expect(await tryLock(lock)).toMatchObject({ taken: true });
});

test('an empty folder, left between two steps of a release, is a free lock', async () => {
  await mkdir(lock);
  expect(await tryLock(lock)).toMatchObject({ taken: true });
});

test('a late release takes nothing from the next holder', async () => {
  const first = await tryLock(lock);
  if (first.taken) await first.lock.release();
  const second = await tryLock(lock);
  if (first.taken) await first.lock.release();
  expect(second.taken).toBe(true);
  expect(await tryLock(lock)).toMatchObject({ taken: false });
});

test('the lock file of version 0.1 counts while its process lives, whether it names the boot or not', async () => {
  const { pid, startedAt } = identifyProcess(process.pid)!;
  for (const written of [startedAt, startedAt.split(':').at(-1)]) {
    await writeFile(lock, JSON.stringify({ pid, startedAt: written }));
    expect(await tryLock(lock)).toMatchObject({ taken: false, holder: { pid } });
  }
  await writeFile(lock, JSON.stringify(await runToTheEnd()));
  expect(await tryLock(lock)).toMatchObject({ taken: true });
});

test('what is no lock is not removed, and the error names it', async () => {
  await mkdir(lock);
  await writeFile(path.join(lock, 'notes.txt'), 'mine');
  await expect(tryLock(lock)).rejects.toThrow('notes.txt');
  expect(await readFile(path.join(lock, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a lock is waited for, and the waiter is told once by whom it is held', async () => {
  const first = await tryLock(lock);
  const holders: number[] = [];
  let told: () => void = () => undefined;
  const isTold = new Promise<void>((resolve) => (told = resolve));
  const second = waitForLock(lock, ({ pid }) => {
    holders.push(pid);
    told();
  });
  await isTold;
  if (first.taken) await first.lock.release();
  await (await second).release();
  expect(holders).toEqual([process.pid]);
});

test('of several processes that take the lock, release it and are killed with it, never do two hold it', async () => {
  const PROCESSES = 6;
  const ROUNDS = 60;
  const program = path.join(folder, 'contender.cjs');
  await build({
    entryPoints: [path.join(__dirname, 'support/contender.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  await leaveLock(await runToTheEnd());
  const ends = await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const child = spawn(process.execPath, [program, folder, String(ROUNDS)]);
      let said = '';
      child.stderr.on('data', (text) => (said += String(text)));
      const [, signal] = (await once(child, 'close')) as [number | null, string | null];
      return signal ?? said;
    }),
  );
  // Each has ended itself, and none because it met another one inside.
  expect(ends).toEqual(Array.from({ length: PROCESSES }, () => 'SIGKILL'));
  expect(await readFile(path.join(folder, 'taken'), 'utf8')).toHaveLength(PROCESSES * ROUNDS);
  expect(await tryLock(lock)).toMatchObject({ taken: true });
});
