import type { Knex } from 'knex';
import { scannerSilent } from '../../../core/scans/notices';
import { findSilenceNotice } from '../../../core/scans/silence';
import { outboxKey, queueMessage } from '../notifications/outbox';
import type { ReleaseRecord } from '../releases/record';
import { inTransaction } from '../transaction';

/**
 * Tells the operators of scanners that have held a release for long: once after an hour, and once a day then.
 *
 * @param silentMs for how long the release has waited for them
 * @returns whether it is long
 */
export async function alertSilence(
  knex: Knex,
  release: ReleaseRecord,
  { silent, silentMs }: { silent: readonly string[]; silentMs: number },
  now: Date,
): Promise<boolean> {
  const notice = findSilenceNotice(silentMs);
  if (notice === undefined) return false;
  const { releaseId } = release;
  const recipient = { kind: 'operator' as const, id: 'operators' };
  await inTransaction(knex, async (trx) => {
    for (const scanner of silent) {
      const key = outboxKey('scanner-silent', `${releaseId}:${notice}`, scanner);
      const body = scannerSilent(release, { scanner, silentMs });
      await queueMessage(trx, { key, recipient, releaseId, body }, now);
    }
  });
  return true;
}
