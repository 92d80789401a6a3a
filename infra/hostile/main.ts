import { parseArgs } from 'node:util';
import { getErrorMessage } from '../../core/errors/thrown';
import { attackSandbox } from './sandbox/run';

const USAGE = `npm run test:hostile -- <attack> [options]
  sandbox [--driver namespaces|node-permission|none] [--uid N] [--only text]
      tries to break out of the sandbox of plugins' code; status 0 when nothing is open`;

/** `npm run test:hostile -- <attack>`: attacks the product and prints what came of it. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { driver: { ...text, default: 'namespaces' }, uid: text, only: text },
  });
  if (positionals.length !== 1 || positionals[0] !== 'sandbox') throw new Error(USAGE);
  const uid = values.uid === undefined ? undefined : Number(values.uid);
  if (uid !== undefined && !(Number.isSafeInteger(uid) && uid >= 0))
    throw new Error('--uid takes the number of a user.');
  process.exitCode = await attackSandbox({ driver: values.driver, uid, only: values.only });
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 2;
});
