import { runMutants } from './mutants/run';
import type { Soak } from './soak';
import { runUpgrade } from './upgrade/run';

/** Every soak by its name; a new one is a row here and a folder beside this file. */
const soaks: readonly Soak[] = [
  {
    name: 'mutants',
    summary: 'changes the code of core/ and of a sample of activities and adapters; a unit test must notice',
    options: ['only', 'concurrency', 'reuse'],
    run: runMutants,
  },
  {
    name: 'upgrade',
    summary: 'upgrades a stack from the version of a tag or commit while releases stand in every state',
    options: ['from'],
    run: runUpgrade,
  },
];

/** @throws Error with the list of soaks when there is none of that name */
export function findSoak(name: string): Soak {
  const found = soaks.find((soak) => soak.name === name);
  if (found) return found;
  const list = soaks.map((soak) => {
    const options = soak.options.map((option) => ` [--${option} …]`).join('');
    return `  ${soak.name} [--seed N]${options}\n      ${soak.summary}`;
  });
  throw new Error([`There is no soak "${name}". There are:`, ...list].join('\n'));
}
