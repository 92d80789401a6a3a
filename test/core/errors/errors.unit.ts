import {
  isErrorCode,
  isRetryable,
  problem,
  refusal,
  Refusal,
  refuseIfAny,
  toProblemDocument,
} from '../../../core/errors/errors';
import { getErrorCode, getErrorMessage, hasErrorCode } from '../../../core/errors/thrown';

const two = [
  problem('DIST_EMPTY', 'There are no files under dist/.', 'dist'),
  problem('NOTES_MISSING', 'There are no release notes for 1.0.0.'),
];

describe('A refusal', () => {
  test('holds every problem, and its message is all their sentences', () => {
    const thrown = new Refusal(two, { cause: 'a reason' });
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown.name).toBe('Refusal');
    expect(thrown.problems).toEqual(two);
    expect(thrown.message).toBe('There are no files under dist/. There are no release notes for 1.0.0.');
    expect(thrown.cause).toBe('a reason');
  });

  test('has the code of its first problem', () => {
    expect(new Refusal(two).code).toBe('DIST_EMPTY');
    expect(refusal('NOTES_MISSING', 'No notes.', '/notes').problems).toEqual([
      { code: 'NOTES_MISSING', detail: 'No notes.', pointer: '/notes' },
    ]);
  });

  test('is never without a problem', () => {
    expect(() => new Refusal([])).toThrow(new TypeError('A Refusal needs at least one problem.'));
  });

  test('is thrown for problems, and not where there are none', () => {
    expect(() => refuseIfAny([])).not.toThrow();
    expect(() => refuseIfAny(two.slice(1))).toThrow(Refusal);
  });

  test('has no pointer where nothing is pointed at, because null would be a place too', () => {
    expect(Object.keys(problem('NOT_FOUND', 'No such plugin.'))).toEqual(['code', 'detail']);
  });
});

describe('The problem document of a refusal', () => {
  test('says what happened, what to do next, and every problem', () => {
    expect(toProblemDocument(new Refusal(two), 'request-1')).toEqual({
      type: 'urn:spillway:problem:DIST_EMPTY',
      title: 'dist contains no files',
      status: 422,
      detail: 'There are no files under dist/. There are no release notes for 1.0.0.',
      code: 'DIST_EMPTY',
      next: 'Build the plugin so that its files are under dist/.',
      errors: two,
      requestId: 'request-1',
    });
  });

  test('names no request where none is known', () => {
    expect(toProblemDocument(new Refusal(two))).not.toHaveProperty('requestId');
  });
});

describe('A code', () => {
  test('is one of the catalogue, and not a name that every object has', () => {
    expect(['DIST_EMPTY', 'INTERNAL'].every(isErrorCode)).toBe(true);
    expect(['dist_empty', '', 'toString', '__proto__', 'constructor'].some(isErrorCode)).toBe(false);
  });

  test('is worth a retry when the fault is the platform’s, and final when the user has to act', () => {
    expect([
      isRetryable('UNAVAILABLE'),
      isRetryable('RATE_LIMITED'),
      isRetryable('OBJECTS_UNAVAILABLE'),
    ]).toEqual([true, true, true]);
    expect([isRetryable('DIST_EMPTY'), isRetryable('TOKEN_INVALID'), isRetryable('NOT_FOUND')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('What was thrown', () => {
  const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });

  test('is told by its message, or as text when it is no error', () => {
    expect(getErrorMessage(missing)).toBe('no such file');
    expect([getErrorMessage('stopped'), getErrorMessage(undefined), getErrorMessage(7)]).toEqual([
      'stopped',
      'undefined',
      '7',
    ]);
  });

  test('has the code of the system, where there is one', () => {
    expect(getErrorCode(missing)).toBe('ENOENT');
    expect([null, undefined, 'ENOENT', new Error('x'), { code: 5 }].map(getErrorCode)).toEqual(
      Array(5).fill(undefined),
    );
    expect(hasErrorCode(missing, 'EEXIST', 'ENOENT')).toBe(true);
    expect(hasErrorCode(missing, 'EEXIST')).toBe(false);
    expect(hasErrorCode(new Error('x'), 'ENOENT')).toBe(false);
    expect(hasErrorCode(missing)).toBe(false);
  });
});
