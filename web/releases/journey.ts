import type { ReleaseView } from '../../contracts/releases/view';
import type { ReleaseState } from '../../core/releases/state';
import { formatShare } from '../format/words';
import { isOver, describeState } from './states';

export type StepStatus = 'done' | 'current' | 'held' | 'failed' | 'upcoming' | 'skipped';

export interface JourneyStep {
  id: string;
  label: string;
  status: StepStatus;
  /** A second row: a share, a verdict, who decided. */
  hint?: string;
}

type Facts = Pick<ReleaseView, 'state' | 'review' | 'scans' | 'rollout'>;
type StageView = NonNullable<ReleaseView['rollout']>['stages'][number];

const fixed = ['submitted', 'uploaded', 'scanned', 'reviewed', 'listed'] as const;
const labels = ['Submitted', 'Uploaded', 'Scanned', 'Reviewed', 'Listed'];

/** How many of the steps before the rollout are done in a live state. */
const stepsDone: Partial<Record<ReleaseState, number>> = {
  draft: 0,
  uploading: 1,
  scanning: 2,
  in_review: 3,
  changes_requested: 3,
  approved: 4,
  scheduled: 4,
};

/**
 * The progress of a release as steps: those before the rollout, one per stage, and the end. A release
 * that was refused shows the step at which it stopped, as far as its own facts tell.
 */
export function listJourneySteps(release: Facts): JourneyStep[] {
  const { state } = release;
  const hasEndedBadly = isOver(state) && state !== 'completed';
  const passed = stepsDone[state] ?? (hasEndedBadly ? passedBefore(release) : fixed.length);
  const steps = [...fixed.map((id, index) => fixedStep(id, index, passed, release)), ...stageSteps(release)];
  const stopped = state === 'superseded' || steps.some((step) => step.status === 'failed');
  return [...steps.map((step) => (stopped ? skipIfUnreached(step) : step)), lastStep(release)];
}

/** How many steps were done before the end, judged by what exists: stages, a decision, a review, scans. */
function passedBefore({ review, scans, rollout }: Facts): number {
  if (rollout?.stages.some((stage) => stage.startedAt !== null)) return fixed.length;
  if (review?.decision === 'approve') return 4;
  if (review !== null && review.state !== 'pending') return 3;
  return scans.length > 0 ? 2 : 1;
}

function fixedStep(id: string, index: number, passed: number, release: Facts): JourneyStep {
  const label = labels[index] ?? id;
  const hint = id === 'reviewed' ? reviewHint(release) : undefined;
  return { id, label, status: fixedStatus(index, passed, release.state), ...(hint ? { hint } : {}) };
}

function fixedStatus(index: number, passed: number, state: ReleaseState): StepStatus {
  if (index < passed) return 'done';
  if (index > passed) return 'upcoming';
  if (isOver(state)) return endStatus(state);
  return state === 'in_review' ? 'held' : 'current';
}

/** How the step is shown at which a release ended: a newer version that took its place is no failure. */
const endStatus = (state: ReleaseState): StepStatus => (state === 'superseded' ? 'skipped' : 'failed');

const reviewHint = ({ review }: Facts): string | undefined =>
  review?.decision && review.reviewer ? `by ${review.reviewer}` : undefined;

function stageSteps({ state, rollout }: Facts): JourneyStep[] {
  if (!rollout) return [];
  const stopsAt = failingStage(rollout.stages);
  return rollout.stages.map((stage) => ({
    id: `stage-${stage.stage}`,
    label: `Stage ${stage.stage}`,
    hint: formatShare(stage.basisPoints),
    status: stageStatus(stage, state, rollout.state, stopsAt),
  }));
}

/** The stage that stopped the rollout: the one that failed, else the last that started. */
export function failingStage(stages: readonly StageView[]): StageView | undefined {
  return (
    stages.find((stage) => stage.verdict === 'fail') ?? stages.findLast((stage) => stage.startedAt !== null)
  );
}

function stageStatus(
  stage: StageView,
  state: ReleaseState,
  rollout: string,
  stopsAt: StageView | undefined,
): StepStatus {
  const isStopped =
    rollout === 'rolling_back' || rollout === 'rolled_back' || (isOver(state) && state !== 'completed');
  if (isStopped && stage === stopsAt) return endStatus(state);
  if (stage.verdict === 'empty') return 'skipped';
  if (stage.endedAt !== null || state === 'completed') return 'done';
  if (stage.startedAt === null) return 'upcoming';
  return state === 'paused' || stage.verdict === 'inconclusive' ? 'held' : 'current';
}

/** After a failure no step is still to come. */
const skipIfUnreached = (step: JourneyStep): JourneyStep =>
  step.status === 'upcoming' || step.status === 'current' ? { ...step, status: 'skipped' } : step;

function lastStep({ state, rollout }: Facts): JourneyStep {
  if (state === 'completed') return { id: 'end', label: 'Completed', status: 'done' };
  if (rollout?.state === 'rolling_back') return { id: 'end', label: 'Rolling back', status: 'current' };
  if (isOver(state)) return { id: 'end', label: describeState(state).label, status: endStatus(state) };
  return { id: 'end', label: 'Completed', status: 'upcoming' };
}
