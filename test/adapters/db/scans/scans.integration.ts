import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { writeTimeline } from '../../../../adapters/db/releases/timeline';
import { inTransaction } from '../../../../adapters/db/transaction';
import { DAY } from '../../../../core/duration';
import { addPublisher } from '../../../support/builders/identities';
import { createSubmission, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let db: Knex;
beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
});
test('two scans of a release that end at once are both stored, and neither waits for the other for good', async () => {
  const { releaseId } = (
    await registerSubmission(
      database.worker,
      createSubmission(),
      { slaMs: 1000, uploadTimeoutMs: DAY },
      TODAY,
    )
  ).release;
  const arrived: (() => void)[] = [];
  const both = new Promise<void>((resolve) => arrived.push(resolve));
  let inserted = 0;
  const store = (scanner: string) =>
    inTransaction(database.worker, async (trx) => {
      await trx('scans').insert({
        ...{ release_id: releaseId, scanner, scanner_version: '1', rules_digest: 'd', verdict: 'pass' },
        ...{ policy: '{}', findings: '[]', started_at: TODAY, finished_at: TODAY },
      });
      // Both rows refer to the release before either takes a number of its timeline.
      if ((inserted += 1) === 2) arrived[0]!();
      await both;
      await writeTimeline(trx, releaseId, { key: scanner, kind: 'scan', text: 'Fine.', actor: 'p' }, TODAY);
    });
  await Promise.all([store('malware'), store('secrets')]);
  expect(await db('scans').where({ release_id: releaseId }).orderBy('scanner').pluck('scanner')).toEqual([
    'malware',
    'secrets',
  ]);
});
