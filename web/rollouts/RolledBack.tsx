import type { ReleaseView } from '../../contracts/releases/view';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { count } from '../format/words';
import { Banner } from '../releases/Banner';
import { failingStage } from '../releases/journey';
import { kindLook } from '../releases/kinds';
import { totalOf } from './tally';

interface RolledBackProps {
  release: ReleaseView;
  events: TimelineEvent[];
}

/** What failed, and where the tenants are now: the two things that everybody asks after a rollback. */
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
          {reasonsOf(events, hasFailed).map((reason) => (
            <dd key={reason} className="break-words">
              {reason}
            </dd>
          ))}
        </div>
        <div className="min-w-0">
          <dt className="text-sm font-semibold">Where tenants are now</dt>
          <dd>
            <Whereabouts release={release} closing={lastOf(events, 'rolled_back_everywhere')} />
          </dd>
        </div>
      </dl>
    </Banner>
  );
}

const lastOf = (events: TimelineEvent[], kind: TimelineEvent['kind']): TimelineEvent | undefined =>
  events.findLast((event) => event.kind === kind);

/** The verdict (or who aborted), and the first host's own words, which say why. */
function reasonsOf(events: TimelineEvent[], hasFailed: boolean): string[] {
  const stop = hasFailed ? lastOf(events, 'stage_verdict') : lastOf(events, 'rollout_aborted');
  const first = events.find((event) => event.kind === 'install' && kindLook(event).tone === 'bad');
  const found = [stop ?? lastOf(events, 'offer_withdrawn'), first].flatMap((event) => event?.text ?? []);
  return found.length > 0 ? found : ['The offer was withdrawn.'];
}

/**
 * Hosts whose switch failed restored the version before by themselves; the others are taken back.
 * Who is left at the end was counted by the rollback itself, and its word is better than a sum.
 */
function Whereabouts({ release, closing }: { release: ReleaseView; closing: TimelineEvent | undefined }) {
  const { running, failed, back } = totalOf(release.rollout?.stages ?? []);
  const all = running + failed + back;
  const counted = closing?.data['remaining'];
  const left = Math.min(all, typeof counted === 'number' ? counted : running);
  if (all === 0) return <p>No tenant had taken this version.</p>;
  return (
    <>
      <p>
        {all - left} of {count(all, 'tenant')} that tried it {all - left === 1 ? 'is' : 'are'} back on what
        they ran before{left > 0 && `; ${left} still on their way`}.
      </p>
      <div className="my-2 h-2 overflow-hidden rounded-full bg-bad-fill/30" aria-hidden="true">
        <div className="h-full rounded-full bg-ok-fill" style={{ width: `${((all - left) / all) * 100}%` }} />
      </div>
      {closing && <p>{closing.text}</p>}
    </>
  );
}
