import type { Knex } from 'knex';
import { outboxKey, queueMessage } from '../../adapters/db/notifications/outbox';
import type { MessageBody } from '../../adapters/db/notifications/tables';
import type { RecipientKind } from '../../core/notifications/notifications';
import { deliverRelease } from '../../adapters/notifiers/deliver';
import type { Notifier } from '../../adapters/notifiers/notifier';
import { lastProgress, type Heartbeat } from '../heartbeat';

export interface OutboxDeps {
  db: Knex;
  clock: () => Date;
  notifiers: readonly Notifier[];
  /** Tenants a slice; an attempt that is killed repeats at most one. */
  slice?: number;
}

/** A notice about an occasion of a release. */
export interface Notice {
  releaseId: string;
  occasion: string;
  body: MessageBody;
}

/** Puts a notice for one slice of an audience into the outbox; `last` is undefined behind the end. */
export type QueueSlice = (
  slice: { after: string; limit: number },
  now: Date,
) => Promise<{ count: number; last: string | undefined }>;

interface Progress {
  after: string;
  queued: number;
}

/**
 * Queues a notice slice by slice, then delivers; returns how many were queued. Killed anywhere, nobody is
 * told twice and nobody is left out: it goes on after the last slice that the attempt before reported.
 */
export async function queueAndDeliver(
  deps: OutboxDeps,
  releaseId: string,
  queueSlice: QueueSlice,
  heartbeat: Heartbeat,
): Promise<number> {
  const limit = deps.slice ?? 2_000;
  let progress = (lastProgress() as Progress | undefined) ?? { after: '', queued: 0 };
  for (;;) {
    const { count, last } = await queueSlice({ after: progress.after, limit }, deps.clock());
    if (last === undefined) break;
    progress = { after: last, queued: progress.queued + count };
    heartbeat.progress(progress);
    heartbeat.signal.throwIfAborted();
  }
  await deliver(deps, releaseId, heartbeat, progress);
  return progress.queued;
}

/** Delivers everything that the release has in the outbox. */
export const deliver = (
  { db, notifiers, clock }: OutboxDeps,
  releaseId: string,
  heartbeat: Heartbeat,
  progress?: Progress,
): Promise<void> =>
  deliverRelease(db, notifiers, releaseId, {
    clock,
    onSlice: () => {
      heartbeat.progress(progress);
      heartbeat.signal.throwIfAborted();
    },
  });

/** Queues a notice to one publisher, or to the operators. */
export function queueOne(
  { db, clock }: OutboxDeps,
  recipient: { kind: Exclude<RecipientKind, 'tenant'>; id: string },
  { releaseId, occasion, body }: Notice,
): Promise<void> {
  const key = outboxKey(occasion, releaseId, recipient.kind === 'operator' ? 'operators' : 'publisher');
  return queueMessage(db, { key, recipient, releaseId, body }, clock());
}
