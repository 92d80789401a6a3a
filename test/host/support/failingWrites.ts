import fs from 'node:fs';
import promises from 'node:fs/promises';

/** What a host writes with, and which argument names the file. */
const WRITERS = [
  'open',
  'writeFile',
  'rename',
  'mkdir',
  'mkdtemp',
  'symlink',
  'cp',
  'copyFile',
  'rm',
] as const;

export interface FailingWrites {
  /** How many writes were tried since the beginning. */
  count(): number;
  /** How many of them failed. */
  failed(): number;
  /** Ends the trouble, as freeing the disk does. */
  stop(): void;
}

/**
 * The disk of a folder is full from its n-th write on, for so many writes: each attempt to write below it fails as the
 * system says it. Reading goes on. A file that is written at once is left half-written, as a full disk leaves it.
 */
export function failWritesIn(
  folder: string,
  from: number,
  { code = 'ENOSPC', times = Infinity }: { code?: string; times?: number } = {},
): FailingWrites {
  let [tried, failed, isOver] = [0, 0, false];
  const mocks: jest.SpyInstance[] = [];

  function check(name: string, args: unknown[]): Error | undefined {
    if (isOver || !args.some((each) => typeof each === 'string' && each.startsWith(folder))) return undefined;
    if (name === 'open' && !/[wa+]/.test(String(args[1] ?? 'r'))) return undefined;
    tried += 1;
    if (tried < from || tried >= from + times) return undefined;
    failed += 1;
    return Object.assign(new Error(`${code}: no space left on device, ${name}`), { code });
  }

  for (const name of WRITERS) {
    const original = promises[name] as (...args: unknown[]) => Promise<unknown>;
    const spy = jest.spyOn(promises as never, name as never) as jest.SpyInstance;
    spy.mockImplementation((...args: unknown[]) => {
      const error = check(name, args);
      return error ? Promise.reject(error) : original(...args);
    });
    mocks.push(spy);
  }
  // The updater of signed metadata writes at once, and leaves what it could write.
  const writeNow = fs.writeFileSync;
  const spy = jest.spyOn(fs, 'writeFileSync').mockImplementation((file, data, options) => {
    const error = check('writeFileSync', [file]);
    if (error) writeNow(file, String(data).slice(0, 20));
    if (error) throw error;
    writeNow(file, data, options);
  });
  mocks.push(spy);

  return {
    count: () => tried,
    failed: () => failed,
    stop() {
      isOver = true;
      for (const each of mocks) each.mockRestore();
    },
  };
}
