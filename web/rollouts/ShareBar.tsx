import type { StageView } from '../../contracts/rollouts/rollout';
import { formatShare } from '../format/words';
import type { StepStatus } from '../releases/journey';

const fills: Record<StepStatus, string> = {
  done: 'bg-ok-fill',
  current: 'bg-live-fill',
  held: 'bg-warn-fill',
  failed: 'bg-bad-fill',
  skipped: 'bg-edge/40',
  upcoming: 'bg-transparent',
};

interface ShareBarProps {
  stages: StageView[];
  status: (stage: number) => StepStatus;
  now: number;
}

/** All tenants as one bar: each stage takes the share that it adds; the current one fills as time passes. */
export function ShareBar({ stages, status, now }: ShareBarProps) {
  return (
    <div aria-hidden="true">
      <div className="flex h-4 gap-0.5 overflow-hidden rounded-full bg-well">
        {stages.map((stage, index) => (
          <div
            key={stage.stage}
            className="h-full min-w-1 bg-line/60"
            style={{ width: `${addedShare(stages, index)}%` }}
          >
            <div
              className={`h-full transition-[width] duration-500 ${fills[status(stage.stage)]}`}
              style={{ width: `${status(stage.stage) === 'current' ? timeShare(stage, now) : 100}%` }}
            />
          </div>
        ))}
      </div>
      <div className="mt-1 flex gap-0.5 text-xs text-muted tabular-nums">
        {stages.map((stage, index) => (
          <span
            key={stage.stage}
            className="overflow-hidden text-right whitespace-nowrap"
            style={{ width: `${addedShare(stages, index)}%` }}
          >
            {formatShare(stage.basisPoints)}
          </span>
        ))}
      </div>
    </div>
  );
}

const addedShare = (stages: StageView[], index: number): number =>
  ((stages[index]?.basisPoints ?? 0) - (stages[index - 1]?.basisPoints ?? 0)) / 100;

/** How much of the stage's time has passed, 4 to 100 percent, so that a new stage is visible at once. */
function timeShare({ startedAt, endsAt }: StageView, now: number): number {
  if (!startedAt || !endsAt) return 100;
  const whole = Date.parse(endsAt) - Date.parse(startedAt);
  if (whole <= 0) return 100;
  return Math.min(100, Math.max(4, ((now - Date.parse(startedAt)) / whole) * 100));
}
