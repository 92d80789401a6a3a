import type { TimelineEvent } from '../../contracts/releases/timeline';

/** One entry, or a run of install reports that is shown as one. */
export interface TimelineGroup {
  events: [TimelineEvent, ...TimelineEvent[]];
  /** Milliseconds since the previous entry; undefined for the first. */
  sinceMs: number | undefined;
}

/** Up to this many install reports in a row stay separate entries. */
const MAX_SINGLE = 4;

/** The entries in order, with the time between them; long runs of install reports become one group. */
export function groupTimeline(events: readonly TimelineEvent[]): TimelineGroup[] {
  return groupRuns(events)
    .flatMap((run) => (run.length > MAX_SINGLE ? [run] : run.map((event): typeof run => [event])))
    .map((run, index, all) => ({ events: run, sinceMs: since(all[index - 1], run[0]) }));
}

type Run = TimelineGroup['events'];

function groupRuns(events: readonly TimelineEvent[]): Run[] {
  const runs: Run[] = [];
  for (const event of events) {
    const last = runs.at(-1);
    if (last && event.kind === 'install' && last[0].kind === 'install') last.push(event);
    else runs.push([event]);
  }
  return runs;
}

function since(before: Run | undefined, event: TimelineEvent): number | undefined {
  const previous = before?.at(-1);
  // Clocks of different machines may disagree; a step never takes negative time.
  return previous && Math.max(0, Date.parse(event.at) - Date.parse(previous.at));
}
