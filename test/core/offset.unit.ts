import { describeOffset } from '../../core/offset';
import { DAY, HOUR, MINUTE } from '../../core/duration';

test.each([
  [-2 * DAY, "This machine's clock is 2 days behind."],
  [-2 * DAY + 4_000, "This machine's clock is 2 days behind."],
  [3 * HOUR, "This machine's clock is 3 hours ahead."],
  [-90 * MINUTE, "This machine's clock is 2 hours behind."],
  [MINUTE, "This machine's clock is 1 minute ahead."],
  [-5_000, "This machine's clock is 5 seconds behind."],
])('a clock that is %d ms ahead is told in its largest unit', (ms, sentence) => {
  expect(describeOffset(ms)).toBe(sentence);
});
