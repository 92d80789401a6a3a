import type { Channel } from '../plugin';
import type { RolloutPlan } from '../../core/releases/rolloutPlan';
import type { Problem } from '../../core/errors/errors';
import type { RolloutAction } from '../../core/rollouts/commands';
import type { Origin } from '../audit/origin';

/** The input of a rollout: the plan, and what each step needs to know. Plain JSON; stages count from 1. */
export interface RolloutOrder {
  releaseId: string;
  versionId: string;
  pluginId: string;
  version: string;
  channel: Channel;
  origin: Origin;
  salt: string;
  previousVersion: string | null;
  plan: RolloutPlan;
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
