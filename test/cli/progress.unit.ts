import { describeProgress } from '../../cli/publish/awaitReview';

const receipt = {
  reviewQueueId: 'rq-1',
  sla: { expectedReviewDuration: '48h', priority: 'normal' },
} as const;

describe('what publish says of a release that was just submitted', () => {
  test.each([
    [
      'uploading',
      'uploaded; the marketplace verifies the package, then review rq-1 opens; a decision is expected within 48h',
    ],
    [
      'scanning',
      'uploaded and verified; the scanners run, then review rq-1 opens; a decision is expected within 48h',
    ],
    ['in_review', 'waits for a reviewer as rq-1; a decision is expected within 48h'],
    ['completed', 'review rq-1 is over; the release is in state completed'],
  ] as const)('is true in the state %s', (state, text) => {
    expect(describeProgress(state, receipt)).toBe(text);
  });
});
