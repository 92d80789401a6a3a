import type { Knex } from 'knex';
import {
  countAudited,
  recordCorrection,
  type ReconciledRelease,
} from '../../adapters/db/operations/reconcile';
import { releaseWorkflowId, rolloutWorkflowId } from '../../core/ids';
import { workflowEnded, workflowLost, workflowRestarted } from '../../core/operations/notices';
import {
  listNeeded,
  MOST_RESTARTS_AN_HOUR,
  RESTART_WINDOW_MS,
  type RunStanding,
} from '../../core/operations/reconcile';
import type { FoundRun, Runs } from './runs';

/** The two workflows of a version, with what was found under their ids. */
export interface FoundRuns {
  release: FoundRun | undefined;
  rollout: FoundRun | undefined;
}

/** What was done about a release. `refused`: it was started again too often; `withdrawn`: its publisher had asked for it. */
export type Outcome = 'restarted' | 'ended' | 'refused' | 'withdrawn';

interface Tools {
  db: Knex;
  runs: Runs;
  now: Date;
}

/** What corrections are called in the audit. */
const actions = { restarted: 'workflow.restarted', ended: 'workflow.ended', lost: 'workflow.lost' };

export const toStanding = (run: FoundRun | undefined): RunStanding => run?.standing ?? 'absent';

/**
 * Ends whatever runs of a release, and starts it from its rows. Recorded first: who finds the record without the start
 * starts it again, which is one attempt more.
 */
export async function restart(tools: Tools, release: ReconciledRelease, found: FoundRuns): Promise<Outcome> {
  const { db, runs, now } = tools;
  const { releaseId, versionId, state } = release;
  const since = new Date(now.getTime() - RESTART_WINDOW_MS);
  const restarts = await countAudited(db, actions.restarted, versionId, since);
  if (restarts >= MOST_RESTARTS_AN_HOUR) {
    const isTold = (await countAudited(db, actions.lost, versionId, since)) > 0;
    const notice = workflowLost(release, { state, restarts });
    const lost = { action: actions.lost, subject: versionId, releaseId, data: { state, restarts }, notice };
    if (!isTold) await recordCorrection(db, lost, RESTART_WINDOW_MS, now);
    return 'refused';
  }
  const seen = { release: toStanding(found.release), rollout: toStanding(found.rollout) };
  const cause = seen.rollout === 'held' ? seen.rollout : seen.release;
  const notice = workflowRestarted(release, { state, found: cause });
  const record = {
    action: actions.restarted,
    subject: versionId,
    releaseId,
    data: { state, ...seen },
    notice,
  };
  await recordCorrection(db, record, RESTART_WINDOW_MS, now);
  await endRuns(tools, versionId, found, 'The records are ahead of this run; the release goes on from them.');
  const { publisherId, submissionDigest, pluginId, version, channel, publishRequestId } = release;
  const request = { pluginId, version, channel, publishRequestId };
  await runs.resume({ resumes: releaseId, publisherId, submissionDigest, request });
  return 'restarted';
}

/** The rollout first: its release would take its end for a loss. */
async function endRuns(
  { runs }: Tools,
  versionId: string,
  { release, rollout }: FoundRuns,
  reason: string,
): Promise<void> {
  if (rollout) await runs.end(rolloutWorkflowId(versionId), rollout.runId, reason);
  if (release) await runs.end(releaseWorkflowId(versionId), release.runId, reason);
}

/** Ends the runs of a version that its row does not need. */
export async function endUnneeded(
  tools: Tools,
  release: ReconciledRelease,
  found: FoundRuns,
): Promise<Outcome> {
  const { versionId, releaseId, state } = release;
  const needed = listNeeded(state);
  const unneeded = {
    release: needed.release ? undefined : found.release,
    rollout: needed.rollout ? undefined : found.rollout,
  };
  const notice = workflowEnded(release);
  const record = { action: actions.ended, subject: versionId, releaseId, data: { state }, notice };
  await recordCorrection(tools.db, record, RESTART_WINDOW_MS, tools.now);
  await endRuns(tools, versionId, unneeded, `The release is ${state}; nothing needs this run.`);
  return 'ended';
}

/** An id that no release has is whatever somebody made up: the audit alone names it, cut to a length. */
const LONGEST_ID = 200;

/** Ends a run under an id that no release has; of all of these the operators are told once in a while. */
export async function endStray(tools: Tools, workflowId: string, run: FoundRun): Promise<Outcome> {
  const unknown = { pluginId: 'unknown', versionId: 'an unknown version' };
  const notice = { ...workflowEnded(unknown), pluginId: null, versionId: null };
  const data = { workflowId: workflowId.slice(0, LONGEST_ID), runId: run.runId };
  const record = { action: actions.ended, subject: 'unknown', data, notice };
  await recordCorrection(tools.db, record, RESTART_WINDOW_MS, tools.now);
  await tools.runs.end(workflowId, run.runId, 'No release has this workflow.');
  return 'ended';
}
