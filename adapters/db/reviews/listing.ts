import type { Knex } from 'knex';
import { PLATFORM } from '../../../core/ids';
import { listMissingEvidence, type ListingEvidence } from '../../../core/reviews/listing';
import type { ScanPolicy } from '../../../core/scans/policy';
import { describeRestriction, findStrictest } from '../../../core/releases/restrictions';
import { findRestrictions } from '../releases/restrictions';
import { findSuccessor } from '../releases/supersession';
import { refuseWithAlert } from '../releases/alerts';
import { readRelease, type ReleaseRecord } from '../releases/record';
import { withdrawAsAskedIn } from '../releases/withdrawals';
import { listVersion } from '../releases/releases';
import { inTransaction } from '../transaction';
import { findRevocation } from '../identity/keys';
import { listPersons } from '../identity/persons';
import { listDeciders } from './decisions';

/**
 * Why a version is not listed now: the restriction in force, in a sentence; the newer version that is out; or its
 * publisher, who had asked to withdraw it.
 */
export type ListingHold = { restriction: string } | { successor: string } | { withdrawn: true };

/**
 * Lists a version whose evidence is complete. The transaction reads the verified package, each required scan
 * and the decision from rows, so nothing is listed on the word of whoever called; listed already, it stays so. What its
 * publisher has asked to withdraw is withdrawn instead.
 *
 * @returns what holds the listing: a restriction of the version, its plugin, publisher or key, until it is lifted; or,
 * for good, a newer version or the withdrawal
 * @throws Refusal EVIDENCE_MISSING with everything that is missing; the operators are alerted
 */
export async function listApproved(
  knex: Knex,
  { releaseId, requestId }: { releaseId: string; requestId: string },
  policies: readonly ScanPolicy[],
  now: Date,
): Promise<ListingHold | undefined> {
  const { release, missing, hold } = await inTransaction(knex, async (trx) => {
    await trx('releases').where({ id: releaseId }).forNoKeyUpdate().first('id');
    const record = await readRelease(trx, releaseId);
    // A retry finds the version listed, perhaps on its way further.
    if (record.listedAt !== null) return { release: record, missing: [] };
    // The message that should have told the release may have been lost.
    const isWithdrawn =
      record.withdrawAskedAt !== null &&
      (await withdrawAsAskedIn(trx, releaseId, now)).outcome === 'withdrawn';
    if (isWithdrawn) return { release: record, missing: [], hold: { withdrawn: true } as const };
    const problems = listMissingEvidence(await readEvidence(trx, record), policies);
    const hold = await findHold(trx, record);
    const origin = { actor: PLATFORM, requestId };
    if (problems.length === 0 && !hold) await listVersion(trx, { ...record, origin }, now);
    return { release: record, missing: problems, hold };
  });
  if (missing.length > 0) await refuseWithAlert(knex, { ...release, step: 'list' }, missing, now);
  return hold;
}

async function findHold(trx: Knex, release: ReleaseRecord): Promise<ListingHold | undefined> {
  const successor = await findSuccessor(trx, release, 'listed');
  if (successor !== undefined) return { successor };
  const restriction = findStrictest(await findRestrictions(trx, release));
  return restriction && { restriction: describeRestriction(restriction) };
}

async function readEvidence(trx: Knex, release: ReleaseRecord): Promise<ListingEvidence> {
  const { releaseId, versionId, publisherId, packageSha256, verifiedSha256, state } = release;
  const scans = await trx('scans')
    .where({ release_id: releaseId })
    .select('scanner', 'verdict', 'package_sha256');
  const decision = await trx('review_decisions')
    .where({ release_id: releaseId })
    .whereNotNull('taken_at')
    .first('decision', 'reviewer', 'actor', 'package_sha256');
  return {
    ...{ versionId, publisherId, packageSha256, verifiedSha256, state },
    signingKey: await findRevocation(trx, release.signedBy),
    publisherPersons: await listPersons(trx, { kind: 'publisher', id: publisherId }),
    scans: scans.map(({ package_sha256, ...scan }) => ({
      ...scan,
      problems: [],
      packageSha256: package_sha256,
    })),
    decision: decision && {
      ...decision,
      persons: await listDeciders(trx, decision),
      packageSha256: decision.package_sha256,
    },
  };
}
