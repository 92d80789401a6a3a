import { listMissingEvidence, type ListingEvidence } from '../../../core/reviews/listing';

const packageSha256 = 'a'.repeat(64);
const other = 'b'.repeat(64);
const scanner = (
  name: string,
  extra: { required?: boolean; enforced?: boolean; enabled?: boolean } = {},
) => ({
  ...{ name, enabled: true, enforced: true, required: true },
  ...extra,
});
const policies = [scanner('malware'), scanner('licences', { required: false, enforced: false })];
const passed = { scanner: 'malware', verdict: 'pass' as const, problems: [], packageSha256 };
const approval = { decision: 'approve' as const, reviewer: 'rita', persons: ['rita'], packageSha256 };

const complete: ListingEvidence = {
  versionId: 'com.example.notes@1.0.0',
  publisherId: 'acme',
  publisherPersons: ['acme', 'pia'],
  state: 'scheduled',
  packageSha256,
  verifiedSha256: packageSha256,
  signingKey: { revokedAt: null, revokedReason: null },
  scans: [passed],
  decision: approval,
};

const why = (evidence: Partial<ListingEvidence>): string[] =>
  listMissingEvidence({ ...complete, ...evidence }, policies).map(({ detail }) => detail);

test('a version is listed when package, required scans and approval are on record under one digest', () => {
  expect(why({})).toEqual([]);
  expect(why({ signingKey: { revokedAt: new Date(), revokedReason: 'retired' } })).toEqual([]);
  expect(why({ scans: [passed, { ...passed, scanner: 'licences', verdict: 'fail' }] })).toEqual([]);
});

test.each<[string, Partial<ListingEvidence>, RegExp]>([
  ['that is in another state', { state: 'in_review' }, /in_review instead of scheduled/],
  ['whose package was not verified', { verifiedSha256: null }, /not verified/],
  ['of which another package was verified', { verifiedSha256: other }, /not verified/],
  ['whose key nobody registered', { signingKey: undefined }, /signing key is not registered/],
  [
    'whose key was compromised',
    { signingKey: { revokedAt: new Date(), revokedReason: 'compromised' } },
    /signing key .* distrusted/,
  ],
  ['that was not scanned', { scans: [] }, /the scan malware of its package is missing/],
  [
    'whose required scanner was silent',
    { scans: [{ ...passed, verdict: 'inconclusive' }] },
    /malware.*missing/,
  ],
  [
    'of which another package was scanned',
    { scans: [{ ...passed, packageSha256: other }] },
    /malware.*missing/,
  ],
  ['that a scanner rejects', { scans: [{ ...passed, verdict: 'fail' }] }, /a scanner rejects/],
  ['that nobody decided on', { decision: undefined }, /no reviewer approved/],
  ['that was rejected', { decision: { ...approval, decision: 'reject' } }, /no reviewer approved/],
  [
    'whose approval is about another package',
    { decision: { ...approval, packageSha256: other } },
    /another package/,
  ],
  ['that its publisher approved', { decision: { ...approval, reviewer: 'acme' } }, /its publisher approved/],
  [
    'that a person of its publisher approved',
    { decision: { ...approval, persons: ['rita', 'pia'] } },
    /its publisher approved/,
  ],
])('a version %s is not listed, and the refusal says why', (_, evidence, reason) => {
  const problems = listMissingEvidence({ ...complete, ...evidence }, policies);
  expect(problems).toEqual([expect.objectContaining({ code: 'EVIDENCE_MISSING' })]);
  expect(problems[0]!.detail).toMatch(/^com\.example\.notes@1\.0\.0 cannot be listed: /);
  expect(problems[0]!.detail).toMatch(reason);
});

test('everything that is missing is said at once', () => {
  expect(why({ state: 'listed', verifiedSha256: null, scans: [], decision: undefined })).toHaveLength(4);
});
