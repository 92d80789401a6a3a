/** What a plugin's health check finds around it on the machine of the marketplace. */
export interface Around {
  /** Process id of the worker that has the trial run. */
  worker: number;
  /** A file that only the platform may read. */
  secrets: string;
  /** Ports of the loopback address by name. */
  ports: Record<string, number>;
}

/**
 * A health check that tries to get at the platform, prints one line of what each try came to, and is not well: so that
 * the reason of its rejection says what it saw.
 */
export const writeInsider = (around: Around): string => `
const fs = require('node:fs'), net = require('node:net');
const around = ${JSON.stringify(around)};
const seen = {};
const note = async (name, attempt) => {
  const came = await Promise.resolve().then(attempt).then((to) => to, (error) => error.code ?? error.name);
  (seen[came] ??= []).push(name);
};
const connect = (port) => new Promise((resolve, reject) =>
  net.connect({ port, host: '127.0.0.1' }, () => resolve('CONNECTED')).once('error', reject));
const main = async () => {
  // Whoever the parent is, it is asked; the worker is asked by its own number.
  await note('parent', () => { process.kill(process.ppid, 'SIGUSR1'); return 'asked'; });
  await note('worker', () => { process.kill(around.worker, 'SIGUSR1'); return 'asked'; });
  await note('secrets', () => { fs.readFileSync(around.secrets); return 'READ'; });
  // An inspector that was asked to open would have by then.
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const [name, port] of Object.entries(around.ports)) await note(name, () => connect(port));
  console.log(Object.entries(seen).map(([came, names]) => came + ': ' + names.join(' ')).join('; '));
  process.exit(1);
};
main();
`;
