import type { ReleaseView } from '../../contracts/releases/view';
import { isInstallable, type ReleaseState } from '../../core/releases/state';
import { formatShare } from '../format/words';
import { Badge } from '../ui/Badge';
import { Card } from '../ui/Card';
import { useNow } from '../ui/useNow';
import { listJourneySteps, type StepStatus } from '../releases/journey';
import { Legend } from './Legend';
import { ShareBar } from './ShareBar';
import { StageTile } from './StageTile';
import type { Tone } from '../ui/tones';
import { sumTenants } from './tally';
import { Troubles } from './Troubles';

type Rollout = NonNullable<ReleaseView['rollout']>;

const badges: Record<Rollout['state'], { label: string; tone: Tone }> = {
  active: { label: 'In progress', tone: 'live' },
  paused: { label: 'Paused', tone: 'warn' },
  rolling_back: { label: 'Rolling back', tone: 'bad' },
  rolled_back: { label: 'Rolled back', tone: 'bad' },
  completed: { label: 'Completed', tone: 'ok' },
  superseded: { label: 'Superseded', tone: 'neutral' },
};

interface RolloutCardProps {
  rollout: Rollout;
  state: ReleaseState;
  /** By a restriction: nobody is offered the version, however far its rollout came. */
  isWithheld: boolean;
}

/** The rollout at a glance: who is offered the version, who runs it, and how each stage went. */
export function RolloutCard({ rollout, state, isWithheld }: RolloutCardProps) {
  const now = useNow(500);
  const { label, tone } = badges[rollout.state];
  const isWithdrawn = rollout.state === 'rolling_back' || rollout.state === 'rolled_back';
  const isOffered = !isWithdrawn && !isWithheld && isInstallable(state);
  const status = stageStatuses(rollout, state);
  return (
    <Card title="Rollout" aside={<Badge tone={tone}>{label}</Badge>}>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <p className="flex items-baseline gap-2">
          <strong className="text-4xl font-bold tracking-tight whitespace-nowrap tabular-nums">
            {formatShare(isOffered ? rollout.basisPoints : 0)}
          </strong>
          <span className="text-sm text-muted">of tenants are offered this version</span>
        </p>
        <Legend tally={sumTenants(rollout.stages)} />
      </div>
      <ShareBar stages={rollout.stages} status={status} now={now} />
      <ol className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-3 sm:grid-cols-[repeat(auto-fit,minmax(13rem,1fr))]">
        {rollout.stages.map((stage) => (
          <StageTile key={stage.stage} stage={stage} status={status(stage.stage)} now={now} />
        ))}
      </ol>
      <Troubles troubles={rollout.troubles ?? []} />
    </Card>
  );
}

/** The status of each stage is that of its journey step, so that both always agree. */
function stageStatuses(rollout: Rollout, state: ReleaseState): (stage: number) => StepStatus {
  const steps = listJourneySteps({ state, rollout, review: null, scans: [] });
  return (stage) => steps.find((step) => step.id === `stage-${stage}`)?.status ?? 'upcoming';
}
