import { deleteExpired } from '../../adapters/db/operations/retention';
import { AUDIT_KEPT_AT_LEAST_MS, retention } from '../../core/operations/retention';
import { sweepExpired } from '../../worker/retention';
import { TODAY } from '../support/builders/submission';
import { useDatabase } from '../support/servers/database';

const database = useDatabase();
const now = new Date();
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const signal = new AbortController().signal;

const audited = (key: string, at: Date) =>
  database.api('audit').insert({ key, at, actor: 'a', action: 'a', subject: 's', request_id: 'r' });

test('rows that were kept long enough go in batches, younger and undelivered ones stay', async () => {
  const message = { recipient_kind: 'operator' as const, recipient_id: 'operators', body: '{}' };
  const old = Array.from({ length: 1_200 }, (_, index) => ({
    ...{ ...message, key: `old-${index}`, created_at: daysAgo(100), delivered_at: daysAgo(91) },
  }));
  await database.knex.batchInsert('outbox', old, 500);
  await database.knex('outbox').insert([
    { ...message, key: 'young', created_at: TODAY, delivered_at: daysAgo(89) },
    { ...message, key: 'pending', created_at: daysAgo(400) },
  ]);
  await audited('old', daysAgo(366));
  await audited('young', daysAgo(364));
  expect(await sweepExpired(database.worker, now, signal)).toBe(1_201);
  expect(await database.knex('outbox').orderBy('key').pluck('key')).toEqual(['pending', 'young']);
  expect(await database.knex('audit').pluck('key')).toEqual(['young']);
  expect(await sweepExpired(database.worker, now, signal)).toBe(0);
});

test('every table of the retention can be swept by the worker, whatever its key', async () => {
  for (const rule of retention) {
    await expect(deleteExpired(database.worker, rule, 10, daysAgo(36_500))).resolves.toBe(0);
  }
});

test('an audit row of the last 180 days cannot be deleted, whatever the worker asks', async () => {
  await audited('recent', daysAgo(179));
  expect(await database.worker('audit').where({ key: 'recent' }).delete()).toBe(0);
  await expect(database.api('audit').delete()).rejects.toThrow(/permission denied/);
  const kept = retention.find(({ table }) => table === 'audit')?.keptMs ?? 0;
  expect(kept).toBeGreaterThanOrEqual(AUDIT_KEPT_AT_LEAST_MS);
});
