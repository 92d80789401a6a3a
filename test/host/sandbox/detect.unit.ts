import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describeContainment, toContainmentView } from '../../../host/sandbox/describe';
import { detectSandbox } from '../../../host/sandbox/detect';
import { readListing } from '../../../host/sandbox/namespaces/libraries';
import { findExceeded } from '../../../host/sandbox/usage';
import type { Limits } from '../../../host/sandbox/sandbox';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-detect-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a machine without bubblewrap has the weak driver, and is told so', async () => {
  const found = await detectSandbox({ PATH: folder });
  expect(toContainmentView(found)).toEqual({
    driver: 'node-permission',
    strength: 'weak',
    detail: expect.stringContaining('is no defence against hostile code: '),
  });
});

test('a sandbox that lets its probe see the machine is not taken for one', async () => {
  // Runs what follows the last `--` as it is, and says that it ended well or badly as bubblewrap would.
  const pretender = path.join(folder, 'bwrap');
  const program = `#!/bin/sh
    printf '{"child-pid": %s}' $$ >&4
    while [ "$1" != "--" ]; do if [ "$1" = "--setenv" ]; then export "$2=$3"; shift 2; fi; shift; done
    shift; "$@"; status=$?
    printf '{"exit-code": %s}' $status >&4
    exit $status`;
  await writeFile(pretender, program);
  await chmod(pretender, 0o755);
  const found = await detectSandbox({ ...process.env, SPILLWAY_BUBBLEWRAP: pretender });
  expect(found.sandbox.strength).toBe('weak');
  if (process.platform === 'linux') {
    expect(describeContainment(found)).toMatch(
      /does not hold.*a filter of system calls.*files outside hidden/,
    );
  }
});

test('libraries are listed by the paths at which the loader looks for them', () => {
  const listing = `	linux-vdso.so.1 (0x00007f89c1474000)
	libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f89c1120000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f89c1476000)
`;
  expect(readListing(listing)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
});

describe('what is measured ends a program that uses', () => {
  const limits = { memoryBytes: 100, processes: 10, diskBytes: 1000, diskFiles: 5 } as Limits;
  const usage = { memoryBytes: 100, threads: 10, unlinkedBytes: 0 };
  const growth = { bytes: 1000, files: 5 };
  test.each([
    ['all that it may', usage, growth, undefined],
    ['too much memory', { ...usage, memoryBytes: 101 }, growth, 'memory'],
    ['too many threads', { ...usage, threads: 11 }, growth, 'processes'],
    ['too much space', usage, { ...growth, bytes: 1001 }, 'disk'],
    ['too many files', usage, { ...growth, files: 6 }, 'disk'],
    ['space of files without a name', { ...usage, unlinkedBytes: 1 }, growth, 'disk'],
    ['what nobody can measure', undefined, undefined, undefined],
  ] as const)('%s', (_what, process, grown, expected) => {
    expect(findExceeded(limits, process, grown)).toBe(expected);
  });
});
