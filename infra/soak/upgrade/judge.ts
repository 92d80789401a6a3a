import { getErrorMessage } from '../../../core/errors/thrown';
import { releaseWorkflowId } from '../../../core/ids';
import { awaitRunning } from './actions';
import { listFaults, type ReleaseRecord } from './compare';
import { listHistoryFaults } from './histories';
import { pluginIdOf, type UpgradeCase } from './plan';
import { readRecords } from './records';
import { expectRunning } from './rollouts';
import { awaitThat, type Scene } from './scene';
import type { Outcome } from './table';

/** What was seen before everything had come to its end. */
export interface Taken {
  /** The records at the moment when the old version stopped, by version. */
  before: ReadonlyMap<string, ReleaseRecord>;
  /** What went wrong on the way, by the name of the case. */
  failures: ReadonlyMap<string, string>;
  builds: { old: string; now: string };
}

/** Says of every release how it came through: by the records, by the hosts and by the histories of its workflows. */
export async function judge(scene: Scene, cases: readonly UpgradeCase[], taken: Taken): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const upgradeCase of cases) {
    const versionId = scene.prepared.get(upgradeCase.name)?.versionId ?? '';
    const failure = taken.failures.get(upgradeCase.name);
    // What went wrong on the way is not waited for.
    const late = failure ? [failure] : await sentenceOf(() => awaitRest(scene, upgradeCase, versionId));
    const before = taken.before.get(versionId);
    const after = (await readRecords(scene.url)).get(versionId);
    const faults = [...late, ...listRecordFaults(upgradeCase, before, after)];
    const buildId = upgradeCase.carry.length === 0 ? taken.builds.old : taken.builds.now;
    faults.push(...(await listHistoryFaults(scene.temporal, versionId, buildId)));
    outcomes.push({ upgradeCase, before: before?.state, after: after?.state, faults });
  }
  return outcomes;
}

function listRecordFaults(
  { state, ends }: UpgradeCase,
  before: ReleaseRecord | undefined,
  after: ReleaseRecord | undefined,
): string[] {
  if (!before || !after) return ['there is no record of it'];
  const stood = before.state === state ? [] : [`it stood at ${before.state} before the upgrade`];
  return [...stood, ...listFaults(before, after, ends)];
}

/** Hosts, messages and workflows may come to their end a moment after the state that everybody sees. */
async function awaitRest(scene: Scene, upgradeCase: UpgradeCase, versionId: string): Promise<void> {
  await awaitRunning(scene, pluginIdOf(upgradeCase), expectRunning(upgradeCase));
  await awaitThat('delivery of every message', async () => {
    const record = (await readRecords(scene.url)).get(versionId);
    return record?.outbox.every(({ isDelivered }) => isDelivered) ?? false;
  });
  await awaitThat('the end of the workflow', async () => {
    const { status } = await scene.temporal.workflow.getHandle(releaseWorkflowId(versionId)).describe();
    return status.name !== 'RUNNING';
  });
}

const sentenceOf = (work: () => Promise<void>): Promise<string[]> =>
  work().then(
    () => [],
    (error: unknown) => [getErrorMessage(error)],
  );
