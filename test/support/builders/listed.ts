import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { keepName } from '../../../adapters/db/releases/names';
import { registerSubmission } from '../../../adapters/db/releases/register';
import { startStage } from '../../../adapters/db/rollouts/rollouts';
import { DAY } from '../../../core/duration';
import { defaultGate, type RolloutPlan } from '../../../core/releases/rolloutPlan';
import { createSubmission, origin, TODAY } from './submission';

/** What the rows say of a version besides its rollout. */
export interface ListedOptions {
  pluginId?: string;
  version?: string;
  publisherId?: string;
  /** False: it was never listed. */
  isListed?: boolean;
  /** The package that the reviewer approved; by default the one that is offered. */
  approved?: string;
  lists?: Partial<Pick<RolloutPlan, 'allow' | 'deny'>>;
}

export interface Listed {
  versionId: string;
  releaseId: string;
  salt: string;
}

/** A version as its release leaves it when its only stage begins, for everyone. The rows are written by their owner. */
export async function listVersion(owner: Knex, options: ListedOptions = {}): Promise<Listed> {
  const { pluginId = 'demo-plugin', version = '1.0.0', publisherId = 'acme', isListed = true } = options;
  const input = createSubmission({ pluginId, version }, { publisherId });
  const { release } = await registerSubmission(owner, input, { slaMs: 1000, uploadTimeoutMs: DAY }, TODAY);
  const { releaseId, versionId } = release;
  const { sha256 } = input.request.artefact;
  await keepName(owner, release, [], TODAY);
  if (isListed) await owner('versions').where({ id: versionId }).update({ listed_at: TODAY });
  await owner('releases').where({ id: releaseId }).update({ verified_sha256: sha256, state: 'rolling_out' });
  await owner('review_decisions').insert({
    ...{ id: randomUUID(), release_id: releaseId, decision: 'approve', reviewer: 'rita' },
    ...{ actor: 'reviewer:rita', request_id: 'r-1', notes: '', package_sha256: options.approved ?? sha256 },
    ...{ decided_at: TODAY, expires_at: TODAY, taken_at: TODAY },
  });
  const stages = [{ basisPoints: 10_000, durationMs: 1000 }];
  const lists = { allow: [], deny: [], ...options.lists };
  const plan = { type: 'standard' as const, stages, gate: defaultGate, ...lists };
  const salt = releaseId;
  await startStage(owner, { ...release, origin, salt, previousVersion: null, plan }, 1, TODAY);
  return { versionId, releaseId, salt };
}
