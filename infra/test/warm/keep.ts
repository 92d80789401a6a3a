import { rm } from 'node:fs/promises';
import { getErrorMessage } from '../../../core/errors/thrown';
import { tryLock } from '../../../platform/lock';
import { replaceFile } from '../../../platform/files/durable';
import { identifyProcess } from '../../../platform/processes/identity';
import { startTestServers } from '../servers';
import { digestServers, type WarmState } from './state';

/** Nobody leaves servers running over night by forgetting them. */
const KEPT_MS = 8 * 3_600_000;

/**
 * `keep.ts <state file>`: starts the test servers, writes down where they are, and stays until it is asked to end.
 * Being the parent of all of them, it takes them along when it ends, however it ends.
 */
async function main(file: string): Promise<void> {
  const attempt = await tryLock(`${file}.lock`);
  // Another run of this clone starts them at this moment: it is waited for by whoever started us.
  if (!attempt.taken) return;
  const { stop, ...servers } = await startTestServers(() => undefined);
  const state: WarmState = { keeper: identifyProcess(process.pid)!, digest: await digestServers(), servers };
  await replaceFile(file, JSON.stringify(state), { mode: 0o600, isDurable: false });
  await untilAskedToEnd();
  await rm(file, { force: true });
  await stop();
  await attempt.lock.release();
}

function untilAskedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    setTimeout(resolve, KEPT_MS);
  });
}

main(process.argv[2]!).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${getErrorMessage(error)}\n`);
    process.exit(1);
  },
);
