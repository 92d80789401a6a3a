import type { Problem } from '../../core/errors/errors';
import type { RolloutEventKind } from '../../core/rollouts/events';
import type { StageEvidence, StageVerdict } from '../../core/rollouts/verdict';
import type { Origin } from '../../contracts/audit/origin';
import type {
  CommandToTake,
  RolloutOrder,
  RolloutStanding,
  TakenCommand,
} from '../../contracts/rollouts/messages';
import type { CheckedRelease } from '../releases/types';

export interface StageRef {
  releaseId: string;
  versionId: string;
  stage: number;
}

export interface StartedStage {
  startedAt: string;
  /** Later than was planned by as long as the rollout was paused since. */
  endsAt: string;
  /** Tenants that this stage adds and that upgrade by themselves. */
  cohort: number;
}

/** What happened to a rollout apart from its plan, and who caused it. */
export interface RolloutEvent {
  kind: RolloutEventKind;
  /** The sentence of its timeline entry. */
  text: string;
  origin: Origin;
}

export interface RolloutActivities {
  planRollout(release: CheckedRelease): Promise<RolloutOrder>;
  /** Where the rollout stands, also one that has not begun: a run may begin anywhere on the way. */
  readStanding(order: RolloutOrder): Promise<RolloutStanding>;
  /** One transaction: rollout row, stage row, feed row, audit row, timeline. */
  startStage(input: { order: RolloutOrder; stage: number }): Promise<StartedStage>;
  /** What tenants reported, with the cohort as it is now: tenants subscribe while a stage lasts. */
  evaluateStage(ref: StageRef): Promise<StageEvidence>;
  endStage(input: { ref: StageRef; verdict: StageVerdict; text: string }): Promise<void>;
  /** Adds an event to the timeline and the audit; `sequence` counts the events of this rollout, so that a retry adds nothing. */
  recordRolloutEvent(input: RolloutEvent & { ref: StageRef; sequence: number }): Promise<void>;
  /** Takes the command that a signal refers to, if the row of that id allows it. */
  takeCommand(input: CommandToTake): Promise<TakenCommand>;
  /** Ends the rollout where a newer version has completed its own, and says why; null where it goes on. */
  supersedeRollout(order: RolloutOrder): Promise<Problem[] | null>;
  /** Completes the rollout, unless failures were reported since its last stage was judged. */
  completeRollout(order: RolloutOrder): Promise<{ completed: boolean }>;
}

export interface RollbackActivities {
  /** One transaction: offer withdrawn, feed row, version withdrawn, audit, timeline. */
  withdrawOffer(input: { order: RolloutOrder; stage: number; reason: string; origin: Origin }): Promise<void>;
  /** Waits until no tenant reports the version as active; heartbeats; returns how many still do at the deadline. */
  awaitReturns(input: { order: RolloutOrder; deadlineMs: number }): Promise<{ remaining: number }>;
  /** Marks the rollout as rolled back and adds that to the timeline. */
  closeRollback(input: { order: RolloutOrder; remaining: number }): Promise<void>;
}

export interface RolloutNoticeActivities {
  /** Tells publisher, operators and every tenant that took the version that it was rolled back; heartbeats. */
  alertRollback(input: { releaseId: string; reason: string; remaining: number }): Promise<void>;
}
