import { checkSubmitted, type SubmissionCall } from '../../../core/releases/submission';

const now = new Date('2026-11-28T12:00:00Z');
const call: SubmissionCall = {
  publisherId: 'acme',
  submissionDigest: 'a'.repeat(64),
  actor: 'publisher:acme',
  requestId: 'r-1',
  expiresAt: new Date(now.getTime() + 1),
};
const submission = { ...call, callId: 'call-1' };
const codes = (recorded: SubmissionCall | undefined, digest = call.submissionDigest) =>
  checkSubmitted(submission, digest, recorded, now).map(({ code, detail }) => `${code} ${detail}`);

test('a submission counts when its call is on record with the same publisher, request and content', () => {
  expect(codes(call)).toEqual([]);
});

test('a submission that nobody made, or made otherwise, counts for nothing', () => {
  const unknown = ['SUBMISSION_UNKNOWN acme has not submitted this under the call call-1.'];
  expect(codes(undefined)).toEqual(unknown);
  expect(codes({ ...call, publisherId: 'globex' })).toEqual(unknown);
  expect(codes({ ...call, actor: 'publisher:globex' })).toEqual(unknown);
  expect(codes({ ...call, requestId: 'r-2' })).toEqual(unknown);
  expect(codes({ ...call, submissionDigest: 'b'.repeat(64) })).toEqual(unknown);
  expect(codes(call, 'b'.repeat(64))).toEqual(unknown);
  expect(codes({ ...call, expiresAt: now })).toEqual(unknown);
});
