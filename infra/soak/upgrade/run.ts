import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getErrorMessage } from '../../../core/errors/thrown';
import { createLimit } from '../../../platform/limit';
import { parseStackConfig, type StackConfig } from '../../stack/config';
import { startStack } from '../../stack/startStack';
import { emptyState } from '../../stack/stateFolder';
import { progressFor, type Progress } from '../../terminal/progress';
import type { SoakRequest } from '../soak';
import { act } from './actions';
import { createAuthor } from './author';
import { prepareHolds } from './holds';
import { judge, type Taken } from './judge';
import { startOldStack } from './oldStack';
import { checkOut, type OldTree } from './oldTree';
import { orderCases, upgradeCases, type Action, type UpgradeCase } from './plan';
import { readRecords } from './records';
import { TENANTS } from './rollouts';
import { openScene, type Scene } from './scene';
import { renderOutcomes, type Outcome } from './table';

/** Releases under way at once: a machine of two cores keeps up with so many. */
const AT_ONCE = 6;
const NEW_BUILD = 'upgraded';

/**
 * Upgrades a stack while releases stand in every state: brings them there with the version of `--from`, stops it,
 * starts this version on the same state folder, and carries every release on to its end as its users would.
 * The state folder is kept where something was wrong.
 */
export async function runUpgrade({ seed, options }: SoakRequest): Promise<boolean> {
  const { from } = options;
  if (!from) throw new Error('Say which version to come from: --from <tag or commit>.');
  const began = performance.now();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-upgrade-'));
  const config = parseStackConfig({ state: path.join(folder, 'state') }, settings(NEW_BUILD));
  const tree = await checkOut(from, path.join(folder, 'tree'));
  let isPassed = false;
  try {
    const outcomes = await upgrade(folder, config, tree, orderCases(upgradeCases, seed));
    process.stdout.write(renderOutcomes(outcomes));
    isPassed = outcomes.every(({ faults }) => faults.length === 0);
  } finally {
    await tree.remove();
    if (isPassed) await removeAll(folder, config);
    else process.stdout.write(`State and logs are kept in ${folder}\n`);
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  process.stdout.write(`from ${tree.commit}, ${upgradeCases.length} releases, ${minutes} minutes\n`);
  return isPassed;
}

/** The database may have its files outside of the state folder. */
async function removeAll(folder: string, config: StackConfig): Promise<void> {
  await emptyState(config);
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

async function upgrade(
  folder: string,
  config: StackConfig,
  tree: OldTree,
  cases: readonly UpgradeCase[],
): Promise<Outcome[]> {
  const progress = progressFor();
  const { stateDir } = config;
  const kept = { author: await createAuthor(path.join(folder, 'packages')), prepared: new Map() };
  const failures = new Map<string, string>();
  const before = await onOldVersion(folder, tree, progress, async () => {
    const scene = await openScene(stateDir, kept);
    const { keys } = scene.cast.publisher;
    const { key } = kept.author;
    // Versions before keys were proven take the key alone.
    await keys.register(key).catch(() => keys.update(key.armored));
    await prepareHolds(scene.url);
    await actAll(scene, cases, ({ reach }) => reach, failures);
    return readAndClose(scene);
  });
  const stack = await startStack({ config, progress });
  try {
    progress.line('This version runs; the releases are carried on.');
    const scene = await openScene(stateDir, kept);
    await actAll(scene, cases, ({ carry }) => carry, failures);
    const taken: Taken = { before, failures, builds: { old: tree.commit, now: NEW_BUILD } };
    const outcomes = await judge(scene, cases, taken);
    await scene.close();
    return outcomes;
  } finally {
    await stack.stop();
  }
}

async function onOldVersion<T>(
  folder: string,
  { root, commit }: OldTree,
  progress: Progress,
  work: () => Promise<T>,
): Promise<T> {
  progress.line(`Starting the old version, ${commit}`);
  const old = await startOldStack(root, path.join(folder, 'state'), settings(commit));
  try {
    progress.line('It runs; the releases are brought where they are to stand.');
    return await work();
  } finally {
    await old.stop();
    progress.line('It has stopped.');
  }
}

async function readAndClose(scene: Scene) {
  const records = await readRecords(scene.url);
  await scene.close();
  return records;
}

/** Does a part of every case that nothing has gone wrong with so far; a failure is kept and does not end the others. */
async function actAll(
  scene: Scene,
  cases: readonly UpgradeCase[],
  choose: (upgradeCase: UpgradeCase) => readonly Action[],
  failures: Map<string, string>,
): Promise<void> {
  const limited = createLimit(AT_ONCE);
  const isWell = ({ name }: UpgradeCase): boolean => !failures.has(name);
  await Promise.all(
    cases.filter(isWell).map((each) =>
      limited(() => act(scene, each, choose(each))).catch((error: unknown) => {
        failures.set(each.name, getErrorMessage(error));
      }),
    ),
  );
}

/** The user's own settings but for those that would lead to another stack, and what makes a soak short. */
const settings = (buildId: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...{ DATABASE_URL: '', TEMPORAL_ADDRESS: '', SPILLWAY_OBJECTS_DRIVER: '' },
  SPILLWAY_TENANTS: TENANTS.join(','),
  SPILLWAY_POLL_SECONDS: '1',
  SPILLWAY_SCAN_RETRY: '3s',
  SPILLWAY_BUILD_ID: buildId,
});
