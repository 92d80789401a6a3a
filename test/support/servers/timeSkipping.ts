import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { launch } from '../../../platform/processes/child';
import { freePort } from '../../../platform/processes/ports';
import { waitUntilReady } from '../../../platform/processes/ready';
import { which } from '../../../platform/processes/which';

const HOST = '127.0.0.1';

export interface TimeSkippingServer {
  /** What the SDK is told to start: something that only stays, because the server is there already. */
  stand: { type: 'existing-path'; path: string };
  port: number;
  stop(): Promise<void>;
}

/**
 * A time-skipping server of one's own. The SDK would start it by itself, but ends it after five
 * seconds, which is too short for a virtual machine on a busy computer; so it is started and waited
 * for here, and the SDK finds it on its port.
 */
export async function startTimeSkippingServer(program: string): Promise<TimeSkippingServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-time-'));
  const port = await freePort(HOST);
  const child = await launch({
    file: program,
    args: [String(port)],
    env: process.env,
    logFile: path.join(folder, 'server.log'),
    stopSignal: 'SIGTERM',
    endsWithParent: false,
  });
  const stop = async (): Promise<void> => {
    await child.stop(5_000);
    await rm(folder, { recursive: true, force: true });
  };
  const probe = () => canConnect(port);
  const readiness = await waitUntilReady({ probe, deadlineMs: 60_000, ended: child.exited });
  if (readiness.ready) {
    // It gets the port as its only argument: as many seconds it stays.
    const idle = await which(['sleep'], process.env);
    if (idle) return { stand: { type: 'existing-path', path: idle }, port, stop };
  }
  await stop();
  throw new Error(`the time-skipping server: ${readiness.ready ? 'there is no "sleep"' : readiness.reason}`);
}

function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port }, () => resolve(void socket.destroy()));
    socket.once('error', reject);
  });
}
