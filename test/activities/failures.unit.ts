import { ApplicationFailure } from '@temporalio/activity';
import { toFailure, withFailures } from '../../activities/failures';
import { problem, Refusal } from '../../core/errors/errors';

const createFailure = (error: unknown): ApplicationFailure => {
  const failure = toFailure(error);
  if (!(failure instanceof ApplicationFailure)) throw new Error('No failure of Temporal.');
  return failure;
};

test("a refusal that is the user's move is final, and keeps its code and all problems", () => {
  const problems = [problem('RELEASE_STATE', 'It is listed.'), problem('VERSION_CONFLICT', 'It exists.')];
  const failure = createFailure(new Refusal(problems));
  expect(failure).toMatchObject({
    type: 'RELEASE_STATE',
    nonRetryable: true,
    message: 'It is listed. It exists.',
  });
  expect(failure.details).toEqual([problems]);
});

test('a refusal that the platform caused is retried', () => {
  const failure = createFailure(
    new Refusal([problem('OBJECTS_UNAVAILABLE', 'The object store does not answer.')]),
  );
  expect(failure).toMatchObject({ type: 'OBJECTS_UNAVAILABLE', nonRetryable: false });
});

test('any other error stays what it is, and so is retried', async () => {
  const error = new Error('connection lost');
  const { lose } = withFailures({ lose: () => Promise.reject(error) });
  await expect(lose()).rejects.toBe(error);
});
