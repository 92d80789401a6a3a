import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { carryOut } from '../../adapters/scanners/checker/carryOut';
import { jobSchema, READY } from '../../adapters/scanners/checker/protocol';
import { contentScanners } from '../../adapters/scanners/registry';

/**
 * Checks packages for a worker that must survive them: one line of JSON for each check on standard input, one
 * for each answer on standard output. Ends when its input does, as it does when the worker is gone.
 */
async function main(): Promise<void> {
  // Where the machine itself runs out of memory, this process goes first.
  await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
  const scanners = contentScanners();
  process.stdout.write(`${READY}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await carryOut(jobSchema.parse(JSON.parse(line)), scanners);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

main().then(
  () => process.exit(),
  () => process.exit(1),
);
