import { query } from '../../infra/postgres/cluster';
import { Connection } from '@temporalio/client';

test('integration tests run against a real PostgreSQL, Temporal server and Cloud Storage emulator', async () => {
  const { SPILLWAY_TEST_DATABASE_URL: database, SPILLWAY_TEST_TEMPORAL_ADDRESS: temporal } = process.env;
  const [row] = await query(database ?? '', "select current_setting('fsync') as fsync, version() as version");
  expect(row).toMatchObject({ fsync: 'off', version: expect.stringContaining('PostgreSQL') });
  const connection = await Connection.connect({ address: temporal ?? '' });
  const { keys } = await connection.operatorService
    .listSearchAttributes({ namespace: 'default' })
    .then(({ customAttributes }) => ({ keys: Object.keys(customAttributes ?? {}) }));
  await connection.close();
  expect(keys).toEqual(
    expect.arrayContaining(['PluginId', 'ReleaseState', 'RolloutPercentage', 'SlaDeadline']),
  );
  const answer = await fetch(`${process.env.SPILLWAY_TEST_GCS_URL}/storage/v1/b?project=test`);
  expect(await answer.json()).toMatchObject({ kind: 'storage#buckets' });
});
