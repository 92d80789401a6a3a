import type { Knex } from 'knex';
import pino from 'pino';
import { listNotifications } from '../../adapters/db/notifications/inboxes';
import { outboxKey, queueMessage } from '../../adapters/db/notifications/outbox';
import { deliverSlice } from '../../adapters/notifiers/deliver';
import { registerSubmission } from '../../adapters/db/releases/register';
import { createInboxNotifier } from '../../adapters/notifiers/inbox';
import { releaseEnded } from '../../core/releases/notices';
import { pumpOutbox } from '../../worker/outboxPump';
import { DAY } from '../../core/duration';
import { addPublisher } from '../support/builders/identities';
import { createSubmission, TODAY } from '../support/builders/submission';
import { useDatabase } from '../support/servers/database';
import { until } from '../support/waiting';

const database = useDatabase();
let db: Knex;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
});

test('two workers deliver each message of the outbox once, without any workflow, until they are asked to end', async () => {
  const { release } = await registerSubmission(
    database.worker,
    createSubmission(),
    { slaMs: 1, uploadTimeoutMs: DAY },
    TODAY,
  );
  const body = releaseEnded(release, 'failed', []);
  const recipient = { kind: 'publisher' as const, id: 'acme' };
  for (const key of ['a', 'b', 'c']) {
    await queueMessage(db, { key, recipient, releaseId: release.releaseId, body }, TODAY);
  }
  const ending = new AbortController();
  const context = { logger: pino({ level: 'silent' }), signal: ending.signal };
  const pumps = [1, 2].map(() => pumpOutbox(database.worker, [createInboxNotifier()], context));
  const left = () => db('outbox').whereNull('delivered_at').pluck('key');
  await until('everything delivered', async () => (await left()).length === 0);
  ending.abort();
  await Promise.all(pumps);
  expect((await db('notifications').orderBy('key').pluck('key')) as string[]).toEqual(['a', 'b', 'c']);
});

test('a message about no release is delivered like every other, to whoever may have a token', async () => {
  const body = {
    kind: 'sla_warning' as const,
    ...{ pluginId: null, versionId: null, upgrade: null, priority: 'normal' as const },
    ...{ title: 'The payout of October is ready', message: 'It is on its way.' },
  };
  const recipient = { kind: 'reviewer' as const, id: 'rita' };
  const key = outboxKey('payout', 'october', 'rita');
  await queueMessage(database.api, { key, recipient, body }, TODAY);
  expect(await deliverSlice(database.worker, [createInboxNotifier()], TODAY)).toBe(1);
  const { rows } = await listNotifications(db, recipient, { limit: 10 });
  expect(rows).toEqual([
    { ...body, notificationId: rows[0]?.notificationId, createdAt: TODAY.toISOString() },
  ]);
});
