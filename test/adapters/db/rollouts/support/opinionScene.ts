import type { Knex } from 'knex';
import { recordGrant } from '../../../../../adapters/db/installations/grants';
import { ingestReports } from '../../../../../adapters/db/installations/reports';
import { keepName } from '../../../../../adapters/db/releases/names';
import { registerSubmission } from '../../../../../adapters/db/releases/register';
import { readRelease } from '../../../../../adapters/db/releases/record';
import { listVersion, recordPlan } from '../../../../../adapters/db/releases/releases';
import { evaluateStage } from '../../../../../adapters/db/rollouts/evaluation';
import { readFeed } from '../../../../../adapters/db/rollouts/feedPages';
import { findOffer } from '../../../../../adapters/db/rollouts/offers';
import { findRecordedPlan, startStage } from '../../../../../adapters/db/rollouts/rollouts';
import type { RolloutOrder } from '../../../../../contracts/rollouts/messages';
import { DAY, MINUTE } from '../../../../../core/duration';
import { defaultGate, type RolloutPlan } from '../../../../../core/releases/rolloutPlan';
import { isOffered } from '../../../../../core/rollouts/cohort';
import type { OpinionState } from '../../../../../core/rollouts/opinionStates';
import { judgeStage, type Judgement, type StageEvidence } from '../../../../../core/rollouts/verdict';
import { subscribe } from '../../../../support/builders/identities';
import { createReport } from '../../../../support/builders/reports';
import { createSubmission, origin, TODAY } from '../../../../support/builders/submission';
import type { TestDatabase } from '../../../../support/servers/database';

/** A version on offer to all of some tenants in its only stage, and what they and the worker do about it. */
export interface OpinionScene {
  versionId: string;
  order: RolloutOrder;
  /** A tenant takes the package as the route of downloads hands it over; false where it is refused. */
  take(tenantId: string): Promise<boolean>;
  /** Takes the package and reports what came of it. */
  run(tenantId: string, kind: 'installed' | 'failed'): Promise<void>;
  evaluate(): Promise<StageEvidence>;
  judge(): Promise<Judgement>;
  /** Tenants that may have the version by feed and by route, and were not handed it. */
  invited(): Promise<string[]>;
  /** The only tenant that is invited. @throws where it is not the only one */
  findTurn(): Promise<string>;
  /** Where the second opinion stands; undefined before it is opened. */
  readState(): Promise<OpinionState | undefined>;
  /** Lets time pass, in milliseconds. */
  pass(ms: number): void;
  now(): Date;
}

type Databases = Pick<TestDatabase, 'knex' | 'api' | 'worker'>;

/** Opens a scene; `tenants` are registered already, and subscribe here. */
export async function openOpinionScene(
  database: Databases,
  pluginId: string,
  tenants: readonly string[],
  over: Partial<RolloutPlan> = {},
): Promise<OpinionScene> {
  const { api, worker } = database;
  let now = TODAY;
  await subscribe(api, tenants, pluginId);
  const order = await startRollout(worker, pluginId, over);
  const { versionId, releaseId } = order;
  const evaluate = () => evaluateStage(worker, { releaseId, versionId, stage: 1 }, now);
  const take = async (tenantId: string): Promise<boolean> => {
    const { package: handed } = await findOffer(api, tenantId, pluginId, '1.0.0');
    if (!handed) return false;
    const { sha256: packageSha256, stage } = handed;
    await recordGrant(api, tenantId, { versionId, packageSha256, stage }, now);
    return true;
  };
  const invited = async (): Promise<string[]> => {
    const handed = new Set(
      await database.knex('download_grants').where({ version_id: versionId }).pluck('tenant_id'),
    );
    const seen = await Promise.all(tenants.map((id) => isInvited(api, id, pluginId)));
    return tenants.filter((id, index) => seen[index] && !handed.has(id));
  };
  return {
    ...{ versionId, order, take, evaluate, now: () => now },
    async run(tenantId, kind) {
      if (!(await take(tenantId))) throw new Error(`${tenantId} is not offered ${versionId}.`);
      await ingestReports(api, tenantId, [createReport({ pluginId, kind })], now);
    },
    judge: async () => judgeStage(await evaluate(), order.plan.gate),
    invited,
    async findTurn() {
      const [turn, ...more] = await invited();
      if (turn === undefined || more.length > 0)
        throw new Error(`Not exactly one tenant is invited to ${versionId}.`);
      return turn;
    },
    readState: async () =>
      (await database.knex('second_opinions').where({ version_id: versionId }).first('state'))?.state,
    pass: (ms) => void (now = new Date(now.getTime() + ms)),
  };
}

async function startRollout(
  worker: Knex,
  pluginId: string,
  over: Partial<RolloutPlan>,
): Promise<RolloutOrder> {
  const submission = createSubmission({ pluginId });
  const { release } = await registerSubmission(
    worker,
    submission,
    { slaMs: 1000, uploadTimeoutMs: DAY },
    TODAY,
  );
  const stages = [{ basisPoints: 10_000, durationMs: 10 * MINUTE }];
  const plan: RolloutPlan = { type: 'gradual', stages, gate: defaultGate, allow: [], deny: [], ...over };
  const order = { ...release, origin, previousVersion: null, plan };
  await keepName(worker, release, [], TODAY);
  await recordPlan(worker, order, TODAY);
  await listVersion(worker, order, TODAY);
  const recorded = findRecordedPlan(await readRelease(worker, release.releaseId))!;
  await startStage(worker, { ...order, ...recorded }, 1, TODAY);
  return order;
}

/** By the feed's last entry, as a host reads it, which the route must agree with. */
async function isInvited(api: Knex, tenantId: string, pluginId: string): Promise<boolean> {
  const entries = await readFeed(api, tenantId, { since: 0, limit: 1000 });
  const last = entries.findLast((entry) => entry.pluginId === pluginId);
  const told = last?.kind === 'offer' && isOffered(last.rule, tenantId);
  const { standing } = await findOffer(api, tenantId, pluginId, '1.0.0');
  if ((standing === 'offered') !== told) throw new Error(`Feed and route differ for ${tenantId}.`);
  return told;
}
