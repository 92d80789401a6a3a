import type { ReleaseView, TimelineEvent } from '../../contracts/release';
import { count } from '../format/words';
import { failingStage } from './journey';
import { Banner } from './Banner';
import { totalOf, type Tally } from './tally';

/** Events that say why a version was taken back, the most telling first. */
const reasons: TimelineEvent['kind'][] = ['stage_verdict', 'rollout_aborted', 'offer_withdrawn'];

/** What failed, and where the tenants are now: the two things that everybody asks after a rollback. */
export function RolledBack({ release, events }: { release: ReleaseView; events: TimelineEvent[] }) {
  const stages = release.rollout?.stages ?? [];
  const stage = failingStage(stages);
  const isDone = release.state === 'rolled_back' || release.rollout?.state === 'rolled_back';
  const failed = stage?.verdict === 'fail';
  const title = isDone ? 'Rolled back' : 'Rolling back';
  return (
    <Banner tone="bad" icon="back" title={failed && stage ? `${title}: stage ${stage.stage} failed` : title}>
      <dl className="grid gap-3 sm:grid-cols-2">
        <div>
          <dt className="text-sm font-semibold">What failed</dt>
          <dd>{reasonOf(events, failed) ?? 'The offer was withdrawn.'}</dd>
        </div>
        <div>
          <dt className="text-sm font-semibold">Where tenants are now</dt>
          <dd>
            <Whereabouts tally={totalOf(stages)} />
            {events.findLast((event) => event.kind === 'rolled_back_everywhere') && (
              <p>{events.findLast((event) => event.kind === 'rolled_back_everywhere')?.text}</p>
            )}
          </dd>
        </div>
      </dl>
    </Banner>
  );
}

function reasonOf(events: TimelineEvent[], isVerdict: boolean): string | undefined {
  const wanted = isVerdict ? reasons : reasons.slice(1);
  const found = wanted.map((kind) => events.findLast((event) => event.kind === kind));
  return found.find((event) => event !== undefined)?.text;
}

/** Hosts whose switch failed restored the version before by themselves; the others were taken back. */
function Whereabouts({ tally: { running, failed, back } }: { tally: Tally }) {
  if (running + failed + back === 0) return <p>No tenant had taken this version.</p>;
  const returned = failed + back;
  const all = running + returned;
  return (
    <div>
      <p>
        {returned} of {count(all, 'tenant')} that tried it {returned === 1 ? 'is' : 'are'} back on what they
        ran before{running > 0 && `; ${running} still on their way`}.
      </p>
      <div className="my-2 h-2 overflow-hidden rounded-full bg-bad-fill/30" aria-hidden="true">
        <div className="h-full rounded-full bg-ok-fill" style={{ width: `${(returned / all) * 100}%` }} />
      </div>
    </div>
  );
}
