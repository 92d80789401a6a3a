import { problem, type ErrorCode, type Problem } from '../../core/errors/errors';
import { getErrorCode } from '../../core/errors/thrown';

/** What the system says of this machine, and how it is told. */
const troubles: Readonly<Record<string, readonly [code: ErrorCode, what: string]>> = {
  EACCES: ['FILE_DENIED', 'may not be used by this user'],
  EPERM: ['FILE_DENIED', 'may not be used by this user'],
  ENOSPC: ['DISK_FULL', 'cannot be written: no space is left'],
  EDQUOT: ['DISK_FULL', 'cannot be written: the quota is used up'],
  EROFS: ['DISK_READ_ONLY', 'cannot be written: its disk is read-only'],
  EMFILE: ['FILE_LIMIT', 'cannot be opened: too many files are open'],
  ENFILE: ['FILE_LIMIT', 'cannot be opened: too many files are open'],
};

/** An error of the system about a file or folder of the author's, as a problem; undefined for any other error. */
export function describeTrouble(error: unknown): Problem | undefined {
  const code = getErrorCode(error) ?? '';
  const { path, dest, syscall } = (error ?? {}) as { path?: unknown; dest?: unknown; syscall?: unknown };
  if (code === 'ERR_SYSTEM_ERROR' && syscall === 'uv_os_homedir')
    return problem('HOME_MISSING', 'This user has no home folder.');
  const trouble = troubles[code];
  if (!trouble) return undefined;
  const named = [dest, path].find((each) => typeof each === 'string');
  const [known, what] = trouble;
  return problem(
    known,
    `${typeof named === 'string' ? named : 'A file'} ${what} (${code}).`,
    named as string | undefined,
  );
}
