import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Knex } from 'knex';
import { claimTurn, endTurn } from '../../adapters/db/releases/checkTurns';
import type { Waiting } from '../../core/releases/checkTurns';

/**
 * Runs a check that reads a package when it is the release's turn among those of its publisher; otherwise it answers
 * at once, so that waiting holds no place of the worker. A turn lasts no longer than the attempt that took it.
 */
export async function inTurn<T>(
  { db, clock }: { db: Knex; clock: () => Date },
  { releaseId, publisherId }: { releaseId: string; publisherId: string },
  check: string,
  work: () => Promise<T>,
): Promise<T | Waiting> {
  const request = { releaseId, publisherId, check, attempt: randomUUID() };
  const now = clock();
  const until = new Date(now.getTime() + Context.current().info.startToCloseTimeoutMs);
  const claimed = await claimTurn(db, request, { now, until });
  if (claimed.outcome === 'waiting') return claimed;
  try {
    return await work();
  } finally {
    await endTurn(db, request);
  }
}
