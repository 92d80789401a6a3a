import type { ReleaseView } from '../../contracts/releases/view';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { plural } from '../../core/plural';
import { Banner } from '../releases/Banner';
import { failingStage } from '../releases/journey';
import { describeEvent } from '../releases/kinds';
import { findWhereabouts } from './tally';

interface RolledBackProps {
  release: ReleaseView;
  events: TimelineEvent[];
}

/** Whether the rollout was taken back, or is being taken back. */
export const isRollback = ({ state, rollout }: ReleaseView): boolean =>
  state === 'rolled_back' || rollout?.state === 'rolling_back' || rollout?.state === 'rolled_back';

/** What failed, and where the tenants are now: what everybody asks after a rollback. */
export function RolledBack({ release, events }: RolledBackProps) {
  const stages = release.rollout?.stages ?? [];
  const stage = failingStage(stages);
  const isDone = release.state === 'rolled_back' || release.rollout?.state === 'rolled_back';
  const hasFailed = stage?.verdict === 'fail';
  const title = isDone ? 'Rolled back' : 'Rolling back';
  return (
    <Banner
      tone="bad"
      icon="back"
      title={hasFailed && stage ? `${title}: stage ${stage.stage} failed` : title}
    >
      <dl className="grid gap-3 sm:grid-cols-2">
        <div className="min-w-0">
          <dt className="text-sm font-semibold">What failed</dt>
          {listReasons(events, hasFailed).map((reason) => (
            <dd key={reason} className="break-words">
              {reason}
            </dd>
          ))}
        </div>
        <div className="min-w-0">
          <dt className="text-sm font-semibold">Where tenants are now</dt>
          <dd>
            <Whereabouts release={release} events={events} />
          </dd>
        </div>
      </dl>
    </Banner>
  );
}

const findLast = (events: TimelineEvent[], kind: TimelineEvent['kind']): TimelineEvent | undefined =>
  events.findLast((event) => event.kind === kind);

/** The verdict (or who aborted), and the first failure that a host reported, which says why. */
function listReasons(events: TimelineEvent[], hasFailed: boolean): string[] {
  const stop = hasFailed ? findLast(events, 'stage_verdict') : findLast(events, 'rollout_aborted');
  const first = events.find((event) => event.kind === 'install' && describeEvent(event).tone === 'bad');
  const found = [stop ?? findLast(events, 'offer_withdrawn'), first].flatMap((event) => event?.text ?? []);
  return found.length > 0 ? found : ['The offer was withdrawn.'];
}

function Whereabouts({ release, events }: RolledBackProps) {
  const { all, left, note } = findWhereabouts(release.rollout?.stages ?? [], events);
  if (all === 0) return <p>No tenant had installed this version.</p>;
  return (
    <>
      <p>
        {all - left} of {plural(all, 'tenant')} that tried it{' '}
        {all - left === 1 ? 'is back on its' : 'are back on their'} previous version
        {left > 0 && `; ${plural(left, 'is', 'are')} still to follow`}.
      </p>
      <div className="my-2 h-2 overflow-hidden rounded-full bg-bad-fill/30" aria-hidden="true">
        <div className="h-full rounded-full bg-ok-fill" style={{ width: `${((all - left) / all) * 100}%` }} />
      </div>
      {note && <p>{note}</p>}
    </>
  );
}
