import type { Knex } from 'knex';
import { readRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { findPreviousVersion, listVersion, notePlan } from '../../adapters/db/releases/releases';
import { changeState } from '../../adapters/db/releases/transitions';
import type { RolloutOrder } from '../../contracts/workflowMessages';
import { toStages, type RolloutInput } from '../../contracts/releases/rolloutInput';
import { publishLog, type PublishLogLine } from '../../core/releases/publishLog';
import type { HealthGate, RolloutPlan } from '../../core/releases/rolloutPlan';
import { withFailures } from '../failures';
import type { CheckedRelease, ReleaseActivities, StateChange } from '../types';

export interface ReleaseDeps {
  db: Knex;
  clock: () => Date;
  gate: HealthGate;
  log: (line: PublishLogLine) => void;
}

/** Changes of a release's state, its listing, and the plan of its rollout. */
export function createReleaseActivities({ db, clock, gate, log }: ReleaseDeps): ReleaseActivities {
  async function planRollout(release: CheckedRelease): Promise<RolloutOrder> {
    const { rolloutInput } = await readRelease(db, release.releaseId);
    const previousVersion = await findPreviousVersion(db, release);
    const plan = planOf(rolloutInput ?? {}, gate);
    await notePlan(db, { ...release, previousVersion, plan }, clock());
    const { releaseId, versionId, pluginId, version, channel, origin } = release;
    // The release's own id: nobody can know it before, so nobody can choose who comes first (P02).
    const salt = releaseId;
    return { releaseId, versionId, pluginId, version, channel, origin, salt, previousVersion, plan };
  }
  return withFailures<ReleaseActivities>({
    changeState: async (change) => {
      await changeState(db, change, clock());
      log(lineOf(await readRelease(db, change.releaseId), change, clock()));
    },
    listRelease: (release) => listVersion(db, release, clock()),
    planRollout,
  });
}

/** Times count from the submission: what a publisher waits for is the whole. */
const lineOf = (release: ReleaseRecord, change: StateChange, now: Date): PublishLogLine =>
  publishLog({
    pluginId: release.pluginId,
    version: release.version,
    channel: release.channel,
    publishId: release.publishId,
    status: change.to,
    elapsedMs: now.getTime() - release.submittedAt.getTime(),
    errorCode: change.problems?.[0]?.code ?? null,
    requestId: change.requestId,
  });

function planOf(input: RolloutInput, gate: HealthGate): RolloutPlan {
  const hasOwnStages = (input.stages ?? input.batches ?? input.percentage) !== undefined;
  return {
    type: input.type ?? (hasOwnStages ? 'gradual' : 'standard'),
    stages: toStages(input),
    gate,
    allow: input.tenants?.allow ?? [],
    deny: input.tenants?.deny ?? [],
  };
}
