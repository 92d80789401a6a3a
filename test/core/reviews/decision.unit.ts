import { findSharedPerson } from '../../../core/identity/persons';
import { checkDecision, checkReference, DECISION_LIFETIME_MS } from '../../../core/reviews/decision';

const facts = {
  ...{ versionId: 'notes@1.0.0', open: true, packageSha256: 'aa' },
  ...{ publisherId: 'acme', publisherPersons: ['acme', 'pia'] },
};
const decision = { reviewer: 'ada', persons: ['ada'], packageSha256: 'aa' };

describe('A decision on a release', () => {
  test('is taken from another person, on the package that is under review', () => {
    expect(checkDecision(decision, facts)).toEqual([]);
  });

  test('is not taken once the review is closed, whatever else is wrong with it', () => {
    const late = { ...decision, reviewer: 'acme', packageSha256: 'bb' };
    expect(checkDecision(late, { ...facts, open: false })).toEqual([
      { code: 'REVIEW_CLOSED', detail: 'The review of notes@1.0.0 is not open.' },
    ]);
  });

  test('is not taken from the publisher of the release', () => {
    expect(checkDecision({ ...decision, reviewer: 'acme' }, facts)).toEqual([
      { code: 'REVIEW_OWN', detail: 'acme is the publisher and cannot decide on notes@1.0.0.' },
    ]);
  });

  test('is not taken from a person who holds a token of the publisher too', () => {
    expect(checkDecision({ ...decision, persons: ['ada', 'pia'] }, facts)).toEqual([
      {
        code: 'REVIEW_OWN',
        detail: 'pia holds tokens of reviewer ada and of publisher acme and cannot decide on notes@1.0.0.',
      },
    ]);
    expect(findSharedPerson(['ada', 'pia'], ['acme', 'pia'])).toBe('pia');
    expect(findSharedPerson(['ada'], ['acme'])).toBeUndefined();
    expect(findSharedPerson([], [])).toBeUndefined();
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
    const codes = checkDecision({ ...decision, reviewer: 'acme', packageSha256: 'bb' }, facts).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(['REVIEW_OWN', 'REVIEW_DIGEST']);
  });
});

describe('a message refers to a decision', () => {
  const facts = {
    ...{ versionId: 'x@1.0.0', open: true, packageSha256: 'a'.repeat(64) },
    ...{ publisherId: 'acme', publisherPersons: ['acme'] },
  };
  const now = new Date('2026-11-28T12:00:00Z');
  const recorded = {
    ...{ decision: 'approve' as const, reviewer: 'rita', persons: ['rita'] },
    packageSha256: facts.packageSha256,
    expiresAt: new Date(now.getTime() + 1),
  };
  const why = (
    row: typeof recorded | undefined,
    expected: 'approve' | 'reject' | undefined = undefined,
    known = facts,
  ) =>
    checkReference({ decisionId: 'd-1', expected }, row, known, now).map(
      ({ code, detail }) => `${code} ${detail}`,
    );

  test('that is on record, says the same, and is not a day old', () => {
    expect(DECISION_LIFETIME_MS).toBe(86_400_000);
    expect(why(recorded)).toEqual([]);
    expect(why(recorded, 'approve')).toEqual([]);
  });

  test('and is refused with everything that speaks against the row', () => {
    expect(why(undefined)).toEqual(['DECISION_UNKNOWN Nobody has recorded a decision d-1 about x@1.0.0.']);
    expect(why(recorded, 'reject')).toEqual([
      'DECISION_UNKNOWN Nobody has recorded a decision d-1 to reject x@1.0.0.',
    ]);
    expect(why({ ...recorded, expiresAt: now })).toEqual([
      'DECISION_EXPIRED The decision d-1 about x@1.0.0 expired at 2026-11-28T12:00:00.000Z.',
    ]);
    const [own, late] = why({ ...recorded, reviewer: 'acme', expiresAt: now });
    expect([own, late].map((each) => each?.split(' ')[0])).toEqual(['REVIEW_OWN', 'DECISION_EXPIRED']);
    expect(why(recorded, undefined, { ...facts, open: false })[0]).toMatch(/^REVIEW_CLOSED /);
  });
});
