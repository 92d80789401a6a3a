import './serversSetup';

/** Stops what `serversSetup` started. */
export default async function serversTeardown(): Promise<void> {
  await globalThis.spillwayTestServers?.stop();
}
