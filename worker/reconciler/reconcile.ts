import type { Knex } from 'knex';
import type { Logger } from 'pino';
import {
  findReconciled,
  listLiveReleases,
  type ReconciledRelease,
} from '../../adapters/db/operations/reconcile';
import { getErrorMessage } from '../../core/errors/thrown';
import { parseWorkflowId, releaseWorkflowId, rolloutWorkflowId } from '../../core/ids';
import { isWithdrawalUnheard, judgeRuns, listNeeded } from '../../core/operations/reconcile';
import { endStray, endUnneeded, restart, toStanding, type Outcome } from './correct';
import type { Memory } from './memory';
import type { ListedRun, Runs } from './runs';

export interface ReconcileDeps {
  db: Knex;
  runs: Runs;
  clock: () => Date;
  logger: Pick<Logger, 'warn'>;
  /** What earlier passes of this process saw. */
  memory: Memory;
}

/** How often a pass did what; `failed`: a release or run that could not be looked at. */
export type Tally = Record<Outcome | 'failed', number>;

const PAGE = 200;
/** Few enough that a pass ends within its minute; the next one goes on. */
const MOST_CORRECTIONS = 100;

type Listed = ReadonlyMap<string, ListedRun>;

/**
 * Makes the workflow engine agree with the rows, in both directions: what a row needs runs, and what no row needs
 * ends. The engine's list says where to look closer; whatever is corrected was read at that moment.
 */
export async function reconcile(deps: ReconcileDeps): Promise<Tally> {
  const tally: Tally = { restarted: 0, ended: 0, refused: 0, withdrawn: 0, failed: 0 };
  const listed = new Map<string, ListedRun>();
  for await (const run of deps.runs.listRunning()) listed.set(run.workflowId, run);
  deps.memory.keepRuns(new Set([...listed.values()].map(({ runId }) => runId)));
  for await (const { runId } of deps.runs.listHeld()) deps.memory.doubt(runId);
  const now = deps.clock();
  const claimed = new Set<string>();
  for await (const release of eachLive(deps.db)) {
    for (const id of listIds(release.versionId)) claimed.add(id);
    if (isWithdrawalUnheard(release, now) || !isInOrder(deps.memory, listed, release, now))
      await attempt(deps, tally, release.versionId, lookAtVersion);
  }
  for (const workflowId of listed.keys()) {
    if (claimed.has(workflowId)) continue;
    const versionId = parseWorkflowId(workflowId);
    if (versionId === undefined) await attempt(deps, tally, workflowId, lookAtStray);
    else await attempt(deps, tally, versionId, lookAtVersion);
    for (const id of listIds(versionId ?? '')) claimed.add(id);
  }
  return tally;
}

async function* eachLive(db: Knex): AsyncGenerator<ReconciledRelease> {
  for (let after: string | undefined; ;) {
    const page = await listLiveReleases(db, { after, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.releaseId;
  }
}

const listIds = (versionId: string): string[] => [releaseWorkflowId(versionId), rolloutWorkflowId(versionId)];

/** Whether everything that the row needs runs, and nothing else, by runs that were looked at before. */
function isInOrder(
  memory: Memory,
  listed: Listed,
  { versionId, state }: ReconciledRelease,
  now: Date,
): boolean {
  const run = listed.get(releaseWorkflowId(versionId));
  const rollout = listed.get(rolloutWorkflowId(versionId));
  const isKnown = (each: ListedRun | undefined) => each !== undefined && memory.isInOrder(each.runId, now);
  return isKnown(run) && (listNeeded(state).rollout ? isKnown(rollout) : rollout === undefined);
}

type Look = (deps: ReconcileDeps, subject: string) => Promise<Outcome | undefined>;

/** One that cannot be looked at, or corrected, never stops the rest. */
async function attempt(deps: ReconcileDeps, tally: Tally, subject: string, look: Look): Promise<void> {
  if (tally.restarted + tally.ended + tally.withdrawn >= MOST_CORRECTIONS) return;
  const { logger } = deps;
  try {
    const outcome = await look(deps, subject);
    if (!outcome) return;
    tally[outcome] += 1;
    logger.warn({ subject, outcome }, 'a workflow did not agree with the records');
  } catch (error) {
    tally.failed += 1;
    logger.warn({ subject, reason: getErrorMessage(error) }, 'a workflow could not be reconciled');
  }
}

/** The runs are read before the row: each row is written before its run ends. */
async function lookAtVersion(deps: ReconcileDeps, versionId: string): Promise<Outcome | undefined> {
  const { db, runs, memory, clock } = deps;
  const found = {
    release: await runs.find(releaseWorkflowId(versionId)),
    rollout: await runs.find(rolloutWorkflowId(versionId)),
  };
  const row = await findReconciled(db, versionId);
  if (!row) return lookAtStrays(deps, listIds(versionId));
  const now = clock();
  const seen = { release: toStanding(found.release), rollout: toStanding(found.rollout) };
  const settledMs = memory.measure(versionId, [row.state, seen.release, seen.rollout].join(), now);
  const correction = judgeRuns({ state: row.state, ...seen, settledMs });
  if (correction !== 'none') memory.forget(versionId);
  if (correction === 'restart') return restart({ db, runs, now }, row, found);
  if (correction === 'end') return endUnneeded({ db, runs, now }, row, found);
  for (const run of [found.release, found.rollout])
    if (run?.standing === 'running') memory.note(run.runId, now);
  if (!found.release || !isWithdrawalUnheard(row, now)) return undefined;
  const { runId } = found.release;
  return (await runs.withdraw(releaseWorkflowId(versionId), runId)) ? 'withdrawn' : undefined;
}

async function lookAtStrays(deps: ReconcileDeps, workflowIds: string[]): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  for (const id of workflowIds) outcome = (await lookAtStray(deps, id)) ?? outcome;
  return outcome;
}

async function lookAtStray(
  { db, runs, memory, clock }: ReconcileDeps,
  workflowId: string,
): Promise<Outcome | undefined> {
  const run = await runs.find(workflowId);
  if (!run) return undefined;
  const now = clock();
  const settledMs = memory.measure(workflowId, run.runId, now);
  const alone = { state: undefined, release: run.standing, rollout: 'absent' as const };
  if (judgeRuns({ ...alone, settledMs }) === 'none') return undefined;
  memory.forget(workflowId);
  return endStray({ db, runs, now }, workflowId, run);
}
