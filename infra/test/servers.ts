import { mkdtemp, readFile, readdir, rm, writeFile, chmod } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startThrowawayPostgres } from '../postgres/throwaway';
import { killGroup } from '../../platform/processes/killGroup';
import { launch, type Child, type Command } from '../../platform/processes/child';
import { identifyProcess, isAlive, type ProcessIdentity } from '../../platform/processes/identity';
import { freePort } from '../../platform/processes/ports';
import { probeHttp, waitUntilReady } from '../../platform/processes/ready';
import { createHttpHost, devServerCommand, probeTemporal } from '../temporal/devServer';
import { ensureTool } from '../tools/install';

const HOST = '127.0.0.1';
const PREFIX = 'spillway-test-';

export interface TestServers {
  databaseUrl: string;
  temporalAddress: string;
  gcsUrl: string;
  stop(): Promise<void>;
}

/**
 * One PostgreSQL, one Temporal server and one Cloud Storage emulator for a whole run, on free ports, with all their
 * files in one temporary folder. Each test file takes a database, task queue or bucket of its own.
 */
export async function startTestServers(say: (text: string) => void): Promise<TestServers> {
  await sweepLeftovers();
  const folder = await mkdtemp(path.join(os.tmpdir(), PREFIX));
  await chmod(folder, 0o711);
  await writeFile(path.join(folder, 'owner.json'), JSON.stringify(identifyProcess(process.pid)));
  const children: Child[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop(5_000)));
    await rm(folder, { recursive: true, force: true });
  };
  stopWhenInterrupted(children, folder);
  try {
    const [databaseUrl, temporalAddress, gcsUrl] = await Promise.all([
      startPostgres(folder, children),
      startTemporal(folder, children, say),
      startGcs(folder, children, say),
    ]);
    return { databaseUrl, temporalAddress, gcsUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(folder: string, children: Child[]): Promise<string> {
  const { child, url } = await startThrowawayPostgres(folder);
  children.push(child);
  return url;
}

async function startTemporal(
  folder: string,
  children: Child[],
  say: (text: string) => void,
): Promise<string> {
  const { path: program } = await ensureTool('temporal-cli', say);
  const port = await freePort(HOST);
  const httpPort = await freePort(HOST, new Set([port]));
  const logFile = path.join(folder, 'temporal.log');
  const httpHost = createHttpHost();
  const reach = { program, host: HOST, port, httpPort, httpHost };
  const command = devServerCommand({ ...reach, namespace: 'default', logFile });
  await startReady(command, children, () => probeTemporal(`http://${HOST}:${httpPort}`, 'default', httpHost));
  return `${HOST}:${port}`;
}

async function startGcs(folder: string, children: Child[], say: (text: string) => void): Promise<string> {
  const { path: program } = await ensureTool('fake-gcs-server', say);
  const port = await freePort(HOST);
  const url = `http://${HOST}:${port}`;
  const command: Command = {
    file: program,
    args: [
      '-scheme',
      'http',
      '-host',
      HOST,
      '-port',
      String(port),
      '-external-url',
      url,
      '-public-host',
      `${HOST}:${port}`,
      '-backend',
      'memory',
    ],
    env: { PATH: process.env.PATH },
    cwd: folder,
    logFile: path.join(folder, 'gcs.log'),
    stopSignal: 'SIGTERM',
    endsWithParent: false,
  };
  await startReady(command, children, () => probeHttp(`${url}/_internal/healthcheck`));
  return url;
}

async function startReady(command: Command, children: Child[], probe: () => Promise<void>): Promise<void> {
  const child = await launch(command);
  children.push(child);
  const readiness = await waitUntilReady({ probe, deadlineMs: 60_000, ended: child.exited });
  if (readiness.ready) return;
  const log = await readFile(command.logFile, 'utf8').catch(() => '');
  throw new Error(`${command.file}: ${readiness.reason}\n${log.slice(-2000)}`);
}

/** Jest ends at once on Ctrl-C without its teardown: what can be done without waiting is done here. */
function stopWhenInterrupted(children: Child[], folder: string): void {
  process.once('exit', () => {
    for (const child of children) if (!child.hasExited()) killGroup(child.identity.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
}

/** A run that was killed outright leaves its folder: nobody alive owns it any more. */
async function sweepLeftovers(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(os.tmpdir(), name);
    const text = await readFile(path.join(folder, 'owner.json'), 'utf8').catch(() => undefined);
    if (text && !isAlive(JSON.parse(text) as ProcessIdentity))
      await rm(folder, { recursive: true, force: true });
  }
}
