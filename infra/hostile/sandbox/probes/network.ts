import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Probe, Surroundings } from '../probe';

/** Whether somebody listens there within three seconds. */
async function isListening({ freePort }: Surroundings): Promise<string | undefined> {
  for (let tries = 0; tries < 30; tries += 1) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = net.connect(freePort, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.unref();
      setTimeout(() => socket.destroy(), 200).unref();
    });
    if (answered) return `port ${freePort} answers`;
    await sleep(100);
  }
  return undefined;
}

/** Sockets of all families, descriptors and the environment. */
export const networkProbes: readonly Probe[] = [
  {
    title: 'reaches a server of the machine',
    expected: 'ECONNREFUSED',
    attempt: `return connect({ port: around.tcp, host: '127.0.0.1' })`,
  },
  {
    title: 'reaches it by IPv6',
    expected: 'ECONNREFUSED',
    attempt: `return connect({ port: around.tcp6, host: '::1' })`,
  },
  {
    title: 'reaches it by the address of the machine',
    expected: 'ENETUNREACH',
    attempt: `return connect({ port: around.tcp, host: around.address })`,
  },
  {
    title: 'sends it a datagram',
    expected: 'nothing',
    attempt: `const socket = require('node:dgram').createSocket('udp4'); await new Promise((resolve, reject) => socket.send('probe', around.udp, '127.0.0.1', (error) => error ? reject(error) : resolve())); await sleep(200)`,
    look: ({ datagrams }) => (datagrams > 0 ? 'it arrived' : undefined),
  },
  {
    title: 'reaches a Unix socket of the machine',
    expected: 'ENOENT',
    attempt: `return connect(around.unix)`,
  },
  {
    title: 'reaches an abstract socket of the machine',
    expected: 'ECONNREFUSED',
    attempt: `return connect('\\0' + around.abstract)`,
  },
  {
    title: 'listens where others reach it',
    expected: 'nothing',
    attempt: `net.createServer().listen(around.freePort, '0.0.0.0'); await sleep(1500)`,
    watch: isListening,
  },
  {
    title: 'opens its own inspector to others',
    expected: 'nothing',
    attempt: `require('node:inspector').open(around.freePort, '0.0.0.0'); await sleep(1500)`,
    watch: isListening,
  },
  ...(
    [
      ['talks to the kernel about the network', '16, 3, 0'],
      ['sends packets of its own making', '17, 3, 0x300'],
      ['opens a raw socket', '2, 3, 1'],
      ['uses the kernel’s cryptography', '38, 5, 0'],
      ['reaches the hypervisor', '40, 1, 0'],
      ['opens a socket of a seldom protocol', '2, 1, 262'],
      ['opens a socket for keys', '15, 3, 2'],
    ] as const
  ).map(([title, args]) => ({
    title,
    expected: 'EAFNOSUPPORT, EPERM',
    attempt: `return 'descriptor ' + call('socket', ${args})`,
  })),
  {
    title: 'sees the addresses of the machine',
    expected: 'refused',
    attempt: `return Object.values(os.networkInterfaces()).flat().find((each) => !each.internal)?.address`,
  },
];

export const inheritanceProbes: readonly Probe[] = [
  {
    title: 'finds an open descriptor of the host',
    expected: 'nothing',
    attempt: `for (let fd = 3; fd < 1024; fd++) { try { if (fs.fstatSync(fd).ino === around.secretInode) return 'descriptor ' + fd } catch {} }`,
  },
  {
    title: 'opens 5,000 descriptors',
    expected: 'EMFILE',
    attempt: `for (let i = 0; i < 5000; i++) fs.openSync(__filename); return 'opened'`,
  },
  {
    title: 'finds the secret in its environment',
    expected: 'nothing',
    attempt: `return secretIn(JSON.stringify(process.env))`,
  },
  {
    title: 'finds the environment of the host’s user',
    expected: 'nothing',
    attempt: `return process.env.PATH ?? process.env.HOME`,
  },
];
