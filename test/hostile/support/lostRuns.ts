import { setTimeout as sleep } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import pino from 'pino';
import { releaseWorkflowId } from '../../../core/ids';
import type { ReleaseState } from '../../../core/releases/state';
import { createMemory } from '../../../worker/reconciler/memory';
import { reconcile, type Tally } from '../../../worker/reconciler/reconcile';
import { createRuns } from '../../../worker/reconciler/runs';
import type { Marketplace } from '../../support/servers/marketplace';
import { until } from '../../support/waiting';

/** What whoever may write to the workflow engine can do to a workflow. */
export const attacks = ['terminate', 'cancel', 'reset', 'delete'] as const;
export type Attack = (typeof attacks)[number];

/** Does it, and waits until the engine has. */
export async function attack(market: Marketplace, kind: Attack, workflowId: string): Promise<void> {
  const { temporal: client, engine } = market;
  const handle = client.workflow.getHandle(workflowId);
  const before = (await handle.describe()).runId;
  const { namespace } = engine;
  if (kind === 'terminate') await handle.terminate('attack');
  if (kind === 'cancel') await handle.cancel();
  if (kind === 'delete') {
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  }
  if (kind === 'reset') await resetToStart(client, namespace, workflowId, before);
  await untilChanged(client, workflowId, before);
}

/** To its first task: as far back as a workflow can be put, and what it was told since is not told again. */
async function resetToStart(
  client: Client,
  namespace: string,
  workflowId: string,
  runId: string,
): Promise<void> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
  });
  const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED: completed } = temporal.api.enums.v1.EventType;
  const first = history?.events?.find(({ eventType }) => eventType === completed);
  await client.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId, runId },
    reason: 'attack',
    requestId: `reset-${runId}`,
    workflowTaskFinishEventId: first!.eventId!,
    resetReapplyType: temporal.api.enums.v1.ResetReapplyType.RESET_REAPPLY_TYPE_NONE,
  });
}

/** A rollback that has begun goes on although its rollout is cancelled, so nothing changes there. */
async function untilChanged(client: Client, workflowId: string, runId: string): Promise<void> {
  for (let left = 50; left > 0; left -= 1) {
    const now = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined);
    if (now?.status.name !== 'RUNNING' || now.runId !== runId) return;
    await sleep(100);
  }
}

/** Waits until the engine lists what runs under an id: a pass finds what no row needs by that list alone. */
export async function untilListed({ temporal, engine }: Marketplace, workflowId: string): Promise<void> {
  const { runId } = await temporal.workflow.getHandle(workflowId).describe();
  const runs = createRuns({ client: temporal, namespace: engine.namespace });
  await until(`${workflowId} in the list`, async () => {
    for await (const run of runs.listRunning()) if (run.runId === runId) return true;
    return false;
  });
}

/** Passes of the reconciler over a marketplace, each a minute after the one before. */
export function createPasses(market: Marketplace, db = market.db) {
  const { namespace } = market.engine;
  const runs = createRuns({ client: market.temporal, namespace });
  const memory = createMemory();
  let aheadMs = 0;
  const clock = () => new Date(Date.now() + aheadMs);
  const logger = pino({ level: 'silent' });
  return async (minutes = 1): Promise<Tally> => {
    const tally = await reconcile({ db, runs, memory, clock, logger });
    aheadMs += minutes * 60_000;
    return tally;
  };
}

/** What nobody may gain by an attack on a version: its approval, listing and offers. */
export async function readGains(market: Marketplace, versionId: string) {
  const { db } = market;
  const releases = db('releases').where({ version_id: versionId }).select('id');
  return {
    approved: await db('review_decisions')
      .whereIn('release_id', releases)
      .whereNotNull('taken_at')
      .pluck('id'),
    listed: await db('versions').where({ id: versionId }).first('listed_at', 'withdrawn_at'),
    offered: await db('feed').where({ version_id: versionId }).orderBy('revision').pluck('key'),
  };
}

export const readState = async ({ db }: Marketplace, versionId: string): Promise<ReleaseState | undefined> =>
  (await db('releases').where({ version_id: versionId }).orderBy('submission', 'desc').first('state'))?.state;

/** Waits until the release of a version is in a state; says in which it stays otherwise. */
export async function untilState(market: Marketplace, versionId: string, state: ReleaseState): Promise<void> {
  for (let left = 300; left > 0 && (await readState(market, versionId)) !== state; left -= 1)
    await sleep(100);
  expect(await readState(market, versionId)).toBe(state);
}

/** What operators were told of a version's workflows. */
export async function listAlerts({ db }: Marketplace, versionId: string): Promise<string[]> {
  const rows = await db('outbox').where({ recipient_kind: 'operator' }).orderBy('id').select('body');
  return rows
    .filter(({ body }) => body.versionId === versionId && body.kind.startsWith('workflow_'))
    .map(({ body }) => body.kind);
}

/** Whether a release's own workflow runs, and is not one that was put back. */
export async function isRunning(market: Marketplace, workflowId: string): Promise<boolean> {
  const runs = createRuns({ client: market.temporal, namespace: market.engine.namespace });
  return (await runs.find(workflowId))?.standing === 'running';
}

export const isReleaseRunning = (market: Marketplace, versionId: string): Promise<boolean> =>
  isRunning(market, releaseWorkflowId(versionId));
