import type { ReleaseState } from '../../core/releases/state';
import { entryShape } from './TimelineEntry';

/** What each live state waits for; a release that has ended waits for nothing. */
const waits: Partial<Record<ReleaseState, string>> = {
  draft: 'Waiting for the submission.',
  uploading: 'Waiting for the rest of the package.',
  scanning: 'The scanners are running.',
  in_review: "Waiting for a reviewer's decision.",
  approved: 'Waiting to be listed.',
  scheduled: 'Waiting to be listed.',
  listed: 'Waiting for the first stage.',
  rolling_out: 'Waiting for reports from the hosts.',
  paused: 'Waiting for an operator.',
};

export function Waiting({ state }: { state: ReleaseState }) {
  const text = waits[state];
  if (!text) return null;
  return (
    <li className={entryShape}>
      <span aria-hidden="true" className="grid size-[1.875rem] shrink-0 place-items-center">
        <span className="size-2.5 animate-beat rounded-full bg-live-fill" />
      </span>
      <p className="pt-0.5 text-muted">{text}</p>
    </li>
  );
}
