import type { Knex } from 'knex';
import type { NoticeSubject } from '../../../core/notifications/notice';
import { deliveryTrouble, isWidespread, troubleDigest } from '../../../core/rollouts/troubleNews';
import { countResults } from '../../../core/rollouts/verdict';
import { outboxKey, queueMessage } from '../notifications/outbox';
import { readEvidence, readTroubleCounts } from './evidence';

/** Tells the operators, once a release, that so many tenants cannot get a version that the platform is at fault. */
export async function alertWidespread(
  trx: Knex,
  release: NoticeSubject & { releaseId: string },
  now: Date,
): Promise<void> {
  const { releaseId, versionId } = release;
  const troubles = await readTroubleCounts(trx, versionId);
  const { total } = await readEvidence(trx, { versionId, stage: 1 });
  const delivery = { troubles, results: countResults(total) };
  if (!isWidespread(delivery)) return;
  const key = outboxKey('delivery_trouble', releaseId, 'operators');
  const recipient = { kind: 'operator' as const, id: 'operators' };
  const body = deliveryTrouble(release, delivery);
  await queueMessage(trx, { key, recipient, releaseId, body }, now);
}

/** Tells the publisher at the end of a stage who could not take the version for reasons that are not the version's. */
export async function sendTroubleDigest(
  trx: Knex,
  release: NoticeSubject & { releaseId: string; publisherId: string },
  stage: number,
  now: Date,
): Promise<void> {
  const { releaseId, versionId, publisherId } = release;
  const troubles = (await readTroubleCounts(trx, versionId)).filter((each) => each.stage === stage);
  if (troubles.length === 0) return;
  const key = outboxKey('install_digest', releaseId, `publisher:${stage}`);
  const recipient = { kind: 'publisher' as const, id: publisherId };
  const body = troubleDigest(release, { stage, troubles });
  await queueMessage(trx, { key, recipient, releaseId, body }, now);
}
