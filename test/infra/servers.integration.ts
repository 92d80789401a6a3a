import { query } from '../../infra/postgres/cluster';
import { probeTemporal } from '../../infra/temporal/devServer';

test('integration tests run against a real PostgreSQL, Temporal server and Cloud Storage emulator', async () => {
  const { SPILLWAY_TEST_DATABASE_URL: database, SPILLWAY_TEST_TEMPORAL_ADDRESS: temporal } = process.env;
  const [row] = await query(database ?? '', "select current_setting('fsync') as fsync, version() as version");
  expect(row).toMatchObject({ fsync: 'off', version: expect.stringContaining('PostgreSQL') });
  await expect(probeTemporal(temporal ?? '', 'default')).resolves.toBeUndefined();
  await expect(probeTemporal(temporal ?? '', 'another')).rejects.toThrow();
  const answer = await fetch(`${process.env.SPILLWAY_TEST_GCS_URL}/storage/v1/b?project=test`);
  expect(await answer.json()).toMatchObject({ kind: 'storage#buckets' });
});
