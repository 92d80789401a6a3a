import type { Limits, SandboxOutcome } from '../../../host/sandbox/sandbox';

/** What a probe knows of the machine around the sandbox, as an attacker would who knows the product. */
export interface Surroundings {
  /** A secret that is in the host's environment and in a file of it. */
  secret: string;
  secretFile: string;
  secretInode: number;
  /** A folder of the host that its user can write. */
  outside: string;
  sibling: string;
  /** Names of files that a probe may try to leave on the machine. */
  mark: string;
  program: string;
  commandLine: string;
  hostname: string;
  uid: number;
  /** The host's own process and group, another process of the same user, and a Node program of it. */
  host: number;
  group: number;
  bystander: number;
  victim: number;
  victimPort: number;
  /** Somebody listens there. */
  tcp: number;
  tcp6: number;
  udp: number;
  address: string;
  unix: string;
  abstract: string;
  /** Nobody listens there. */
  freePort: number;
}

/** What the outside saw of a probe. */
export interface Traces {
  plugin: string;
  data: string;
  around: Surroundings;
  /** Signals that the host got since the probe began. */
  signals: ReadonlySet<string>;
  /** Datagrams that arrived. */
  datagrams: number;
  outcome: SandboxOutcome;
}

export interface Probe {
  title: string;
  /** What a sandbox that holds answers, in a word or two. */
  expected: string;
  /**
   * Body of an async function: returns what it got when it got what it must not, and throws or returns
   * nothing otherwise. See the prelude for what it may use.
   */
  attempt: string;
  /** Looks from outside; returns what it found when there is what must not be. */
  look?: (traces: Traces) => Promise<string | undefined> | string | undefined;
  /** The same, while the probe runs. */
  watch?: (around: Surroundings) => Promise<string | undefined>;
  limits?: Partial<Limits>;
  /** For data that are thrown away. */
  isDataThrownAway?: boolean;
}

/** What every attempt may use. */
const PRELUDE = `
const fs = require('node:fs'), os = require('node:os'), net = require('node:net'), cp = require('node:child_process');
const dirname = require('node:path').dirname;
const plugin = __dirname, data = process.env.PROBE_DATA;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const native = () => require(plugin + '/syscalls.node');
const text = (value) => Buffer.from(value + '\\0');
const nameOf = (number) => Object.keys(os.constants.errno).find((name) => os.constants.errno[name] === number) ?? 'E' + number;
const check = (result) => { if (result < 0) throw Object.assign(new Error('refused'), { code: nameOf(-result) }); return result };
const call = (name, ...args) => check(native().call(name, ...args));
// Any answer but a refusal means that the kernel looked at the call.
const reaches = (name, ...args) => {
  const result = native().call(name, ...args);
  if (result >= 0) return name + ' answers ' + result;
  const code = nameOf(-result);
  if (['EPERM', 'EACCES', 'ENOSYS'].includes(code)) throw Object.assign(new Error('refused'), { code });
  return name + ' answers ' + code;
};
const secretIn = (found) => String(found).includes(around.secret) ? 'the secret' : undefined;
const connect = (where) => new Promise((resolve, reject) => {
  const socket = net.connect(where);
  socket.once('connect', () => resolve('connected')).once('error', reject);
  setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'no answer' })), 2000).unref();
});
const say = (line) => fs.writeSync(1, '\\n' + line + '\\n');
`;

export const buildScript = ({ attempt }: Probe, around: Surroundings): string =>
  `const around = ${JSON.stringify(around)};\n${PRELUDE}
(async () => { ${attempt} })().then(
  (got) => { say(got === undefined ? 'HELD nothing' : 'OPEN ' + got); process.exit(0) },
  (error) => { say('HELD ' + (error.code ?? error.message)); process.exit(0) },
);\n`;
