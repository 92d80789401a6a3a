import { Refusal, problem, refusal } from '../../../core/errors/errors';

const readCode = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** Whether the file system said that there is nothing under that name. */
export const isMissing = (error: unknown) => readCode(error) === 'ENOENT' || readCode(error) === 'ENOTDIR';

/** Whether the file system said that the name is taken. */
export const isTaken = (error: unknown) => readCode(error) === 'EEXIST';

/** The refusal for an object that is not there. */
export const notFound = (key: string) => refusal('OBJECT_NOT_FOUND', `There is no object ${key}.`);

/**
 * Translates an error of the file system into a refusal: a full or unreadable disk is for the operators to mend and
 * worth a retry; a key that is a folder of other keys is not. Paths of the machine are not repeated.
 */
export function folderFault(error: unknown): unknown {
  const code = readCode(error);
  if (error instanceof Refusal || code === undefined || code.startsWith('ERR_')) return error;
  if (code === 'EISDIR' || code === 'ENOTDIR') {
    return refusal('OBJECTS_KEY_INVALID', 'The key is a prefix of other keys, or lies below another object.');
  }
  return new Refusal([problem('OBJECTS_UNAVAILABLE', `The folder of the object store failed (${code}).`)], {
    cause: error,
  });
}
