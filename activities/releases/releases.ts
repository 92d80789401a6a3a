import type { Knex } from 'knex';
import { readRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { changeState } from '../../adapters/db/releases/transitions';
import { withdrawAsAsked } from '../../adapters/db/releases/withdrawals';
import { publishLog, type PublishLogLine } from '../../core/releases/publishLog';
import { withFailures } from '../failures';
import type { ReleaseActivities, StateChange } from './types';

export interface ReleaseDeps {
  db: Knex;
  clock: () => Date;
  log: (line: PublishLogLine) => void;
}

/** Changes of a release's state, and its listing. */
export function createReleaseActivities({ db, clock, log }: ReleaseDeps): ReleaseActivities {
  return withFailures<ReleaseActivities>({
    readState: async (releaseId) => (await readRelease(db, releaseId)).state,
    withdrawRelease: async (releaseId) => {
      const answer = await withdrawAsAsked(db, releaseId, clock());
      if (answer.outcome === 'refused') return answer;
      log(toLogLine(await readRelease(db, releaseId), { to: 'withdrawn', ...answer }, clock()));
      return { outcome: answer.outcome, from: answer.from };
    },
    changeState: async (change) => {
      await changeState(db, change, clock());
      log(toLogLine(await readRelease(db, change.releaseId), change, clock()));
    },
  });
}

/** Times count from the submission: what a publisher waits for is the whole. */
const toLogLine = (
  release: ReleaseRecord,
  change: Pick<StateChange, 'to' | 'problems' | 'requestId'>,
  now: Date,
): PublishLogLine =>
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
