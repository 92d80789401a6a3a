import { isWithholding } from '../../core/releases/restrictions';
import { isBefore } from '../../core/releases/state';
import { RolledBack, isRollback } from '../rollouts/RolledBack';
import { RolloutCard } from '../rollouts/RolloutCard';
import { ScansCard } from '../scans/ScansCard';
import { Loading } from '../ui/Blank';
import { PageHead } from '../ui/PageHead';
import { ProblemNote } from '../ui/ProblemNote';
import { Journey } from './Journey';
import { Outcome } from './Outcome';
import { PackageCard } from './PackageCard';
import { NameNotes } from './NameNotes';
import { ReleaseHead } from './ReleaseHead';
import { Restricted } from './Restricted';
import { useRelease } from './queries';
import { TimelineCard } from './TimelineCard';
import { useTimeline } from './useTimeline';

/**
 * One release, live: where it is, how its rollout goes, and every step with its time. This page puts the
 * domains together (infra/lint/domainTable.mjs), so that `releases` itself knows neither scans nor rollouts.
 */
export function ReleasePage({ publishId }: { publishId: string }) {
  const { data: release, isError, error, refetch } = useRelease(publishId);
  const timeline = useTimeline(publishId);
  if (!release && isError) {
    return (
      <>
        <PageHead title="Release" lead={publishId} />
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      </>
    );
  }
  if (!release) return <Loading label="Loading the release" rows={4} />;
  return (
    <>
      <ReleaseHead release={release} connection={timeline.connection} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5">
        <Restricted restrictions={release.restrictions} />
        {isBefore(release.state, 'approved') && <NameNotes release={release} />}
        <Journey release={release} />
        {isRollback(release) ? (
          <RolledBack release={release} events={timeline.events} />
        ) : (
          <Outcome release={release} events={timeline.events} />
        )}
        {release.rollout && release.rollout.stages.length > 0 && (
          <RolloutCard
            rollout={release.rollout}
            state={release.state}
            isWithheld={release.restrictions.some(isWithholding)}
          />
        )}
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:gap-5 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
          <TimelineCard timeline={timeline} state={release.state} />
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5">
            <ScansCard scans={release.scans} isRunning={release.state === 'scanning'} />
            <PackageCard release={release} />
          </div>
        </div>
      </div>
    </>
  );
}
