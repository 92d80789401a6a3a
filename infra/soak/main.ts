import { parseArgs } from 'node:util';
import { getErrorMessage } from '../../core/errors/thrown';
import { findSoak } from './soaks';

/** `npm run soak -- <name> [--seed N] [options of the soak]`: what takes hours by its nature; the same seed does the same. */
async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const soak = findSoak(name);
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      ...Object.fromEntries(soak.options.map((option) => [option, { type: 'string' as const }])),
    },
  });
  const { seed, ...options } = values as Record<string, string | undefined>;
  const isPassed = await soak.run({ seed: Number(seed), options });
  process.stdout.write(`${name} with seed ${seed}: ${isPassed ? 'passed' : 'failed'}\n`);
  if (!isPassed) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});
