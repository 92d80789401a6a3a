import {
  checkEndCauses,
  checkEndKeyPrefix,
  describeCheckEnd,
  describeRepeatedEnd,
  getCheckDeadlineMs,
  MAX_CHECK_ENDS,
} from '../../../core/releases/checkEnds';

const GIB = 1024 ** 3;

test('the time of a check grows with the package, from two minutes to twenty for the largest', () => {
  expect(getCheckDeadlineMs(0)).toBe(120_000);
  expect(getCheckDeadlineMs(GIB)).toBe(660_000);
  expect(getCheckDeadlineMs(2 * GIB)).toBe(1_200_000);
});

test('each end of a check is an entry of its own that says why, and which of three attempts it was', () => {
  expect(describeCheckEnd('secrets', 'memory', 2)).toEqual({
    key: 'check_ended:secrets:2',
    kind: 'scan_held',
    text: 'The check secrets did not finish: it used more memory than a check may (attempt 2 of 3).',
    actor: 'spillway',
    data: { check: 'secrets', cause: 'memory', count: 2 },
  });
  expect(describeCheckEnd('secrets', 'time', 1).key.startsWith(checkEndKeyPrefix('secrets'))).toBe(true);
});

test('a publisher reads which check the package kept ending, and what happened', () => {
  expect(MAX_CHECK_ENDS).toBe(3);
  expect(describeRepeatedEnd('verification', 'time')).toBe(
    'The check verification did not finish in 3 attempts; the last time it took longer than a check may.',
  );
  const sentences = checkEndCauses.map((cause) => describeRepeatedEnd('x', cause));
  expect(new Set(sentences).size).toBe(checkEndCauses.length);
});
