import path from 'node:path';
import { createHttpHost, devServerCommand, probeTemporal } from '../../../infra/temporal/devServer';
import { ensureTool } from '../../../infra/tools/install';
import { launch } from '../../../platform/processes/child';
import { freePort } from '../../../platform/processes/ports';
import { waitUntilReady } from '../../../platform/processes/ready';

export interface DevServer {
  /** `host:port` of the engine, without TLS. */
  address: string;
  httpUrl: string;
  namespace: string;
  stop(): Promise<void>;
}

/**
 * A Temporal of a test's own, with nothing in it; its log lies in `folder`.
 *
 * @param options of the server, beside the product's
 */
export async function startDevServer(folder: string, options: readonly string[] = []): Promise<DevServer> {
  const [host, namespace, httpHost] = ['127.0.0.1', 'default', createHttpHost()];
  const { path: program } = await ensureTool('temporal-cli', () => undefined);
  const port = await freePort(host);
  const httpPort = await freePort(host, new Set([port]));
  const logFile = path.join(folder, 'temporal.log');
  const command = devServerCommand({ program, host, port, httpPort, httpHost, namespace, logFile });
  const child = await launch({ ...command, args: [...command.args, ...options] });
  const httpUrl = `http://${host}:${httpPort}`;
  const readiness = await waitUntilReady({
    probe: () => probeTemporal(httpUrl, namespace, httpHost),
    deadlineMs: 60_000,
    ended: child.exited,
  });
  if (!readiness.ready) throw new Error(`Temporal ${readiness.reason}`);
  return { address: `${host}:${port}`, httpUrl, namespace, stop: () => child.stop(5_000) };
}
