import type { TimelineEvent } from '../../contracts/releases/timeline';

/** One line, or a run of installations that is folded into one. */
export interface TimelineGroup {
  events: [TimelineEvent, ...TimelineEvent[]];
  /** Milliseconds since the line before; undefined for the first. */
  sinceMs: number | undefined;
}

/** This many installations in a row stay single lines. */
const MAX_SINGLE = 4;

/** The lines in order, with the time between them; long runs of installations become one group. */
export function groupTimeline(events: readonly TimelineEvent[]): TimelineGroup[] {
  return runsOf(events)
    .flatMap((run) => (run.length > MAX_SINGLE ? [run] : run.map((event): typeof run => [event])))
    .map((run, index, all) => ({ events: run, sinceMs: since(all[index - 1], run[0]) }));
}

type Run = TimelineGroup['events'];

function runsOf(events: readonly TimelineEvent[]): Run[] {
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
  // Clocks of different machines may disagree; a step never lasts less than nothing.
  return previous && Math.max(0, Date.parse(event.at) - Date.parse(previous.at));
}
