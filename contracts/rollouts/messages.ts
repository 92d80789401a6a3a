import type { Channel } from '../plugin';
import type { RolloutPlan } from '../../core/releases/rolloutPlan';
import type { ReleaseState } from '../../core/releases/state';
import type { Problem } from '../../core/errors/errors';
import type { RolloutAction } from '../../core/rollouts/commands';
import type { PendingCommands, RolloutPosition } from '../../core/rollouts/standing';
import type { Origin } from '../audit/origin';

/**
 * The input of a rollout: the plan, and what each step needs to know but the order of tenants, which is read from rows
 * alone. Plain JSON; stages count from 1.
 */
export interface RolloutOrder {
  releaseId: string;
  versionId: string;
  pluginId: string;
  version: string;
  channel: Channel;
  origin: Origin;
  previousVersion: string | null;
  plan: RolloutPlan;
}

/** Where a rollout stands by its rows, and what operators asked of it that nobody has carried out. */
export interface RolloutStanding extends RolloutPosition {
  releaseState: ReleaseState;
  /** Events that are on record: the next one gets the number after. */
  recordedEvents: number;
  pending: PendingCommands<Origin>;
  /** Why the version is taken back, where that has begun or was decided, and who decided if a person did. */
  rollback?: { reason: string; origin?: Origin };
}

/** All that the workflow engine is told of an operator's command: the id of the row that the API wrote. */
export interface CommandReference {
  commandId: string;
}

/** The command of a message as its rollout takes it. */
export interface CommandToTake extends CommandReference {
  releaseId: string;
  action: RolloutAction;
}

export type TakenCommand = { outcome: 'taken'; origin: Origin } | { outcome: 'refused'; problems: Problem[] };
