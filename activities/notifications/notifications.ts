import type { Knex } from 'knex';
import {
  queueForReporters,
  queueForSubscribers,
  type QueuedSlice,
} from '../../adapters/db/rollouts/audiences';
import { outboxKey, queueMessage, type MessageBody } from '../../adapters/db/notifications/outbox';
import { readRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { findPreviousVersion, readProblems } from '../../adapters/db/releases/releases';
import { recordEntry } from '../../adapters/db/releases/notes';
import { deliverRelease } from '../../adapters/notifiers/deliver';
import type { Notifier } from '../../adapters/notifiers/notifier';
import { releaseEnded, versionListed } from '../../core/releases/notices';
import { describeNotified } from '../../core/releases/timeline';
import { rolledBack } from '../../core/rollouts/notices';
import { describeAlert } from '../../core/rollouts/timeline';
import { withFailures } from '../failures';
import { lastProgress, withHeartbeat, type Pulse } from '../heartbeat';
import type { NotifyActivities } from '../types';

export interface NotifyDeps {
  db: Knex;
  clock: () => Date;
  notifiers: readonly Notifier[];
  /** Tenants a slice; an attempt that is killed repeats at most one. */
  slice?: number;
}

type Queue = (broadcast: { after: string; limit: number }, now: Date) => Promise<QueuedSlice>;

/** Fills the outbox and empties it; killed anywhere, nobody is told twice and nobody is left out. */
export function createNotifyActivities(deps: NotifyDeps): NotifyActivities {
  const { db, clock } = deps;
  return withFailures<NotifyActivities>({
    notifySubscribers: (releaseId) =>
      withHeartbeat(async (pulse) => {
        const release = await readRelease(db, releaseId);
        const message = { releaseId, occasion: 'listed', body: versionListed(release) };
        const queue: Queue = (slice, now) => queueForSubscribers(db, release, { ...message, ...slice }, now);
        const notified = await fillAndDeliver(deps, releaseId, queue, pulse);
        await recordEntry(db, releaseId, describeNotified(notified), clock());
        return { notified };
      }),
    notifyPublisher: ({ releaseId, outcome }) =>
      withHeartbeat(async (pulse) => {
        const release = await readRelease(db, releaseId);
        const reasons = (await readProblems(db, releaseId)).map(({ detail }) => detail);
        const body = releaseEnded(release, outcome, reasons);
        await queuePublisher(deps, release, { occasion: outcome, body });
        await deliver(deps, releaseId, pulse);
      }),
    alertRollback: ({ releaseId, reason, remaining }) =>
      withHeartbeat(async (pulse) => {
        const release = await readRelease(db, releaseId);
        const previousVersion = await findPreviousVersion(db, release);
        const body = rolledBack({ ...release, previousVersion }, { reason, remaining });
        const message = { releaseId, occasion: 'rolled_back', body };
        await queuePublisher(deps, release, message);
        await queueOperators(deps, message);
        const queue: Queue = (slice, now) =>
          queueForReporters(db, release.versionId, { ...message, ...slice }, now);
        const alerted = await fillAndDeliver(deps, releaseId, queue, pulse);
        await recordEntry(db, releaseId, describeAlert(alerted), clock());
      }),
  });
}

interface Progress {
  after: string;
  queued: number;
}

/** Queues slice by slice, then delivers. Goes on after the last slice that the previous attempt told of. */
async function fillAndDeliver(
  deps: NotifyDeps,
  releaseId: string,
  queue: Queue,
  pulse: Pulse,
): Promise<number> {
  const limit = deps.slice ?? 2_000;
  let progress = (lastProgress() as Progress | undefined) ?? { after: '', queued: 0 };
  for (;;) {
    const { count, last } = await queue({ after: progress.after, limit }, deps.clock());
    if (last === undefined) break;
    progress = { after: last, queued: progress.queued + count };
    pulse.progress(progress);
    pulse.signal.throwIfAborted();
  }
  await deliver(deps, releaseId, pulse, progress);
  return progress.queued;
}

const deliver = (deps: NotifyDeps, releaseId: string, pulse: Pulse, progress?: Progress): Promise<void> =>
  deliverRelease(deps.db, deps.notifiers, releaseId, {
    clock: deps.clock,
    onSlice: () => {
      pulse.progress(progress);
      pulse.signal.throwIfAborted();
    },
  });

interface Message {
  occasion: string;
  body: MessageBody;
}

const queuePublisher = (
  { db, clock }: NotifyDeps,
  { releaseId, publisherId }: ReleaseRecord,
  { occasion, body }: Message,
): Promise<void> => {
  const recipient = { kind: 'publisher' as const, id: publisherId };
  const key = outboxKey(occasion, releaseId, 'publisher');
  return queueMessage(db, { key, recipient, releaseId, body }, clock());
};

const queueOperators = (
  { db, clock }: NotifyDeps,
  { releaseId, occasion, body }: Message & { releaseId: string },
): Promise<void> => {
  const recipient = { kind: 'operator' as const, id: 'operators' };
  const key = outboxKey(occasion, releaseId, 'operators');
  return queueMessage(db, { key, recipient, releaseId, body }, clock());
};
