import { startTestServers, type TestServers } from '../../../infra/test/servers';
import { findWarmServers } from '../../../infra/test/warm/find';

declare global {
  // Jest hands nothing from setup to teardown but the process that both run in.
  var spillwayTestServers: TestServers | undefined;
}

/** Starts the servers of integration tests, or finds warm ones, and tells the workers where they are. */
export default async function serversSetup(): Promise<void> {
  const servers = await findServers();
  process.env.SPILLWAY_TEST_DATABASE_URL = servers.databaseUrl;
  process.env.SPILLWAY_TEST_TEMPORAL_ADDRESS = servers.temporalAddress;
  process.env.SPILLWAY_TEST_GCS_URL = servers.gcsUrl;
}

async function findServers(): Promise<Omit<TestServers, 'stop'>> {
  const warm = process.env.SPILLWAY_TEST_WARM;
  if (warm) return findWarmServers(warm);
  globalThis.spillwayTestServers = await startTestServers((text) => process.stderr.write(`${text}\n`));
  return globalThis.spillwayTestServers;
}
