import { startTestServers, type TestServers } from '../servers/testServers';

declare global {
  // Jest hands nothing from setup to teardown but the process that both run in.
  var spillwayTestServers: TestServers | undefined;
}

/** Starts the servers of integration tests and tells the workers where they are. */
export default async function serversSetup(): Promise<void> {
  const servers = await startTestServers((text) => process.stderr.write(`${text}\n`));
  globalThis.spillwayTestServers = servers;
  process.env.SPILLWAY_TEST_DATABASE_URL = servers.databaseUrl;
  process.env.SPILLWAY_TEST_TEMPORAL_ADDRESS = servers.temporalAddress;
  process.env.SPILLWAY_TEST_GCS_URL = servers.gcsUrl;
}
