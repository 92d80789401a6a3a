import type { Knex } from 'knex';
import { Refusal, type Problem } from '../../../core/errors/errors';
import { evidenceMissing } from '../../../core/releases/notices';
import { queueMessage } from '../notifications/outbox';
import { inTransaction } from '../transaction';

/**
 * Refuses a step that the records do not prove, and alerts the operators, once a release and step. In a
 * transaction of its own: the refused step changes nothing else.
 *
 * @param missing at least one problem
 * @throws Refusal with the problems
 */
export async function refuseWithAlert(
  knex: Knex,
  release: { releaseId: string; pluginId: string; versionId: string; step: string },
  missing: readonly Problem[],
  now: Date,
): Promise<never> {
  const { releaseId, step } = release;
  const body = evidenceMissing(release, missing);
  const recipient = { kind: 'operator' as const, id: 'operators' };
  const key = `evidence-missing:${releaseId}:${step}`;
  await inTransaction(knex, (trx) => queueMessage(trx, { key, recipient, releaseId, body }, now));
  throw new Refusal([...missing]);
}
