import type { StageView } from '../../contracts/rollouts/rollout';
import { formatElapsed, formatSpan } from '../format/time';
import { plural } from '../../core/plural';
import { formatShare } from '../format/words';
import { Badge } from '../ui/Badge';
import { Cohort } from './Cohort';
import type { StepStatus } from '../releases/journey';
import { spoken } from './segments';
import type { Tone } from '../ui/tones';
import { countTenants } from './tally';

interface StageTileProps {
  stage: StageView;
  status: StepStatus;
  now: number;
}

const borders: Record<StepStatus, string> = {
  done: 'border-line',
  current: 'border-live-fill',
  held: 'border-warn-fill',
  failed: 'border-bad-fill',
  upcoming: 'border-dashed border-line',
  skipped: 'border-dashed border-line',
};

/** One stage: its share, its tenants as a picture, its verdict, and how much time is left. */
export function StageTile({ stage, status, now }: StageTileProps) {
  const tally = countTenants(stage);
  const hasBegun = stage.startedAt !== null;
  return (
    <li className={`min-w-0 rounded-lg border p-3 ${borders[status]}`}>
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">
          Stage {stage.stage}{' '}
          <span className="font-normal text-muted">to {formatShare(stage.basisPoints)}</span>
        </h3>
        <Verdict stage={stage} status={status} />
      </div>
      {hasBegun && stage.cohort > 0 && (
        <div className="mt-2.5 grid gap-1.5">
          <Cohort tally={tally} />
          <p className="text-sm">
            {spoken(tally)} <span className="text-muted">of {plural(stage.cohort, 'tenant')}</span>
          </p>
        </div>
      )}
      <p className="mt-1.5 text-sm text-muted tabular-nums">{timing(stage, status, now)}</p>
    </li>
  );
}

const verdicts: Record<NonNullable<StageView['verdict']>, { label: string; tone: Tone }> = {
  pass: { label: 'Passed', tone: 'ok' },
  fail: { label: 'Failed', tone: 'bad' },
  inconclusive: { label: 'Inconclusive', tone: 'warn' },
  empty: { label: 'Empty', tone: 'neutral' },
};

function Verdict({ stage, status }: Pick<StageTileProps, 'stage' | 'status'>) {
  if (stage.verdict)
    return <Badge tone={verdicts[stage.verdict].tone}>{verdicts[stage.verdict].label}</Badge>;
  if (status === 'current') return <Badge tone="live">Observing</Badge>;
  if (status === 'held') return <Badge tone="warn">Held</Badge>;
  return null;
}

function timing({ startedAt, endsAt, endedAt, verdict }: StageView, status: StepStatus, now: number): string {
  if (verdict === 'empty') return 'No tenant is in this share, so the stage says nothing about the version.';
  if (startedAt === null) return status === 'skipped' ? 'Never started.' : 'Not started yet.';
  if (endedAt !== null) return `Observed for ${formatElapsed(Date.parse(endedAt) - Date.parse(startedAt))}.`;
  if (status === 'held') return 'Paused.';
  if (status !== 'current') return 'Stopped early.';
  const left = endsAt === null ? 0 : Date.parse(endsAt) - now;
  return left > 0 ? `${formatSpan(left)} left.` : 'Waiting for the verdict.';
}
