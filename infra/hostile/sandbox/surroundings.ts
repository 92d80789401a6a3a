import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Surroundings } from './probe';

/** The machine that a probe attacks: this process plays the host, with files, sockets and programs of its own. */
export interface Scene {
  around: Surroundings;
  signals: Set<string>;
  datagrams(): number;
  /** Restores what is the same for every probe. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** The variable of the host's environment that holds the secret. */
export const SECRET_VARIABLE = 'SPILLWAY_PROBE_SECRET';

const SIGNALS = ['SIGUSR1', 'SIGUSR2'] as const;

export async function createScene(folder: string, secret: string): Promise<Scene> {
  const file = (name: string): string => path.join(folder, name);
  await mkdir(file('sibling'));
  await Promise.all(['secret', 'sibling/code'].map((name) => writeFile(file(name), secret)));
  // The host's own folder, as a probe finds it by the host's process.
  process.chdir(folder);
  const signals = new Set<string>();
  for (const name of SIGNALS) process.on(name, () => void signals.add(name));
  const abstract = `spillway-probe-${process.pid}`;
  const servers = await Promise.all([
    listen({ port: 0, host: '0.0.0.0' }),
    listen({ port: 0, host: '::1' }).catch(() => undefined),
    listen({ path: file('socket') }),
    listen({ path: `\0${abstract}` }),
  ]);
  const udp = createSocket('udp4');
  let datagrams = 0;
  udp.on('message', () => (datagrams += 1));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  const victimPort = await findFreePort();
  const victim = idle(process.execPath, [
    `--inspect-port=${victimPort}`,
    '-e',
    'setInterval(() => {}, 1000)',
  ]);
  let bystander: ChildProcess | undefined;
  const tcp = portOf(servers[0]);
  const around: Surroundings = {
    ...{ secret, secretFile: file('secret'), secretInode: statSync(file('secret')).ino, outside: folder },
    ...{ sibling: file('sibling'), mark: `spillway-probe-${process.pid}`, program: process.argv[1] ?? '' },
    ...{ commandLine: readFileSync('/proc/self/cmdline', 'utf8'), hostname: os.hostname() },
    ...{ uid: process.getuid?.() ?? -1, host: process.pid, group: readGroup(), bystander: 0 },
    ...{ victim: victim.pid ?? 0, victimPort, tcp, tcp6: servers[1] ? portOf(servers[1]) : tcp },
    ...{ udp: udp.address().port, address: findAddress(), unix: file('socket'), abstract, freePort: 0 },
  };
  return {
    around,
    signals,
    datagrams: () => datagrams,
    async refresh() {
      signals.clear();
      datagrams = 0;
      bystander?.kill('SIGKILL');
      bystander = idle('sleep', ['60']);
      around.bystander = bystander.pid ?? 0;
      around.freePort = await findFreePort();
      await writeFile(file('written'), '');
      const { mark } = around;
      const marks = ['/tmp', '/var/tmp', '/dev/shm', folder, file('sibling')];
      await Promise.all(marks.map((each) => rm(path.join(each, mark), { force: true })));
    },
    async close() {
      for (const child of [bystander, victim]) child?.kill('SIGKILL');
      for (const server of servers) server?.close();
      udp.close();
    },
  };
}

const idle = (program: string, args: string[]): ChildProcess =>
  spawn(program, args, { stdio: 'ignore', detached: true });

function listen(where: net.ListenOptions): Promise<net.Server> {
  const server = net.createServer((socket) => socket.on('error', () => undefined).end());
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(where, () => resolve(server));
  });
}

const portOf = (server: net.Server | undefined): number =>
  (server?.address() as net.AddressInfo | undefined)?.port ?? 0;

async function findFreePort(): Promise<number> {
  const server = await listen({ port: 0, host: '127.0.0.1' });
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An address of the machine that is not the loopback device's, where it has one. */
const findAddress = (): string =>
  Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';

/** The process group: the fifth field, counted after the name in brackets. */
function readGroup(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}
