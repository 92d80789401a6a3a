/** What can be read from anything that was thrown, whether it is an error or not. */

/** The message, without a stack. */
export const getErrorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The short name of an error of the system, such as `ENOENT`; undefined where there is none. */
export function getErrorCode(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** Whether an error of the system has one of these codes. */
export const hasErrorCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(getErrorCode(error) ?? '');
