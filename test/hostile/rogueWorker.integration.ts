import { NativeConnection, Worker } from '@temporalio/worker';
import { taskQueues } from '../../core/ids';
import { reach } from '../support/builders/author';
import { until } from '../support/waiting';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';

/**
 * Somebody else's worker polls the queue on which packages are verified and scanned, does nothing, and answers
 * everything with success. The product's own worker serves the other queues.
 */
let setting: ReleaseMarketplace;
let connection: NativeConnection;
let rogue: Worker;
let polling: Promise<void>;

beforeAll(async () => {
  setting = await openReleaseMarketplace(['release', 'quick', 'fanOut']);
  const { address, namespace } = setting.market.engine;
  connection = await NativeConnection.connect({ address });
  const ok = () => Promise.resolve({ outcome: 'ok' });
  rogue = await Worker.create({
    ...{ connection, namespace, taskQueue: taskQueues.scans },
    activities: {
      ...{ checkParts: ok, assemblePackage: ok, verifyUpload: ok, discardUpload: ok },
      runScanner: ({ scanner }: { scanner: string }) =>
        Promise.resolve({ scanner, verdict: 'pass', problems: [] }),
    },
  });
  polling = rogue.run();
});
afterAll(async () => {
  rogue?.shutdown();
  await polling;
  await connection?.close();
  await setting?.stop();
});

test('a foreign worker that answers scans and verification with success gets nothing listed or offered, even with an approval', async () => {
  const { db } = setting.market;
  const { versionId, packageSha256 } = await setting.submit('notes-rogue');
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  expect(await reach(setting.publisher, versionId, ['failed', 'completed', 'rolling_out'])).toBe('failed');
  const listed = await db('versions').where({ id: versionId }).whereNotNull('listed_at');
  const offered = await db('feed').where({ version_id: versionId });
  expect({ listed: listed.length, offered: offered.length }).toEqual({ listed: 0, offered: 0 });
  // A notice reaches the operators by the outbox, so after the refusal that it tells of.
  const alert = await until('the notice to the operators', async () => {
    const row = await db('notifications').where({ recipient_kind: 'operator' }).first('body');
    return row?.body as { kind: string; message: string } | undefined;
  });
  expect(alert.kind).toBe('evidence_missing');
  expect(alert.message).toContain('its package was not verified');
  expect(alert.message).toContain('the scan archive-form of its package is missing');
});
