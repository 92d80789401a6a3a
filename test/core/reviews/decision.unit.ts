import { checkDecision } from '../../../core/reviews/decision';

const facts = { versionId: 'notes@1.0.0', open: true, publisherId: 'acme', packageSha256: 'aa' };
const decision = { reviewer: 'ada', packageSha256: 'aa' };

describe('A decision on a release', () => {
  test('is taken from another person, on the package that is under review', () => {
    expect(checkDecision(decision, facts)).toEqual([]);
  });

  test('is not taken once the review is closed, whatever else is wrong with it', () => {
    const late = { reviewer: 'acme', packageSha256: 'bb' };
    expect(checkDecision(late, { ...facts, open: false })).toEqual([
      { code: 'REVIEW_CLOSED', detail: 'The review of notes@1.0.0 is not open.' },
    ]);
  });

  test('is not taken from the publisher of the release', () => {
    expect(checkDecision({ ...decision, reviewer: 'acme' }, facts)).toEqual([
      { code: 'REVIEW_OWN', detail: 'acme published notes@1.0.0 and cannot decide on it.' },
    ]);
  });

  test('is not taken when the reviewer saw another package', () => {
    expect(checkDecision({ ...decision, packageSha256: 'bb' }, facts)).toEqual([
      {
        code: 'REVIEW_DIGEST',
        detail: 'The decision names package bb, but notes@1.0.0 is aa.',
        pointer: '/packageSha256',
      },
    ]);
  });

  test('is refused with both reasons when both hold', () => {
    const codes = checkDecision({ reviewer: 'acme', packageSha256: 'bb' }, facts).map(({ code }) => code);
    expect(codes).toEqual(['REVIEW_OWN', 'REVIEW_DIGEST']);
  });
});
