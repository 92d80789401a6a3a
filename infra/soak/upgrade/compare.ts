import { isTerminal, type ReleaseState } from '../../../core/releases/state';

export interface Step {
  from: ReleaseState;
  to: ReleaseState;
}

/** What is on record about one release, each list in the order in which it came about. */
export interface ReleaseRecord {
  state: ReleaseState;
  steps: readonly Step[];
  timeline: readonly { seq: number; kind: string; actor: string; text: string }[];
  feed: readonly { revision: number; kind: string; stage: number }[];
  outbox: readonly { key: string; kind: string; to: string; isDelivered: boolean }[];
  /** Keys of the messages that arrived in somebody's inbox. */
  inboxes: readonly string[];
}

/** What may be said more than once, because it happens more than once. */
const REPEATABLE = ['scan_held', 'stage_held', 'sla'];

/**
 * What is wrong with a release after the upgrade, in sentences; nothing when all is well: it ended as it should,
 * what was on record before is there as it was, and nothing is recorded twice.
 */
export function listFaults(before: ReleaseRecord, after: ReleaseRecord, ends: ReleaseState): string[] {
  return [
    ...(after.state === ends ? [] : [`it ended as ${after.state}, not as ${ends}`]),
    ...listLost(before, after),
    ...listBrokenSteps(after.steps, ends),
    ...listRepeated(after),
    ...listFeedFaults(after, ends),
    ...listUndelivered(after),
  ];
}

/** Each list must begin with what it held before; a message may have been delivered since. */
function listLost(before: ReleaseRecord, after: ReleaseRecord): string[] {
  const isKept = (one: readonly unknown[], other: readonly unknown[]): boolean =>
    one.every((each, index) => JSON.stringify(each) === JSON.stringify(other[index]));
  const keys = ({ outbox }: ReleaseRecord): string[] => outbox.map(({ key }) => key);
  const kept: [string, boolean][] = [
    ['transitions', isKept(before.steps, after.steps)],
    ['timeline', isKept(before.timeline, after.timeline)],
    ['feed', isKept(before.feed, after.feed)],
    ['outbox', isKept(keys(before), keys(after))],
    ['inboxes', before.inboxes.every((key) => after.inboxes.includes(key))],
  ];
  return kept.filter(([, isThere]) => !isThere).map(([name]) => `${name}: what was there is not any more`);
}

/** From a draft to the end, each step from where the last one led. */
function listBrokenSteps(steps: readonly Step[], ends: ReleaseState): string[] {
  const broken = steps.filter(({ from }, index) => from !== (steps[index - 1]?.to ?? 'draft'));
  const last = steps.at(-1)?.to;
  return [
    ...broken.map(({ from, to }) => `transition ${from} → ${to} does not follow from the one before`),
    ...(last === ends || !isTerminal(ends) ? [] : [`the last transition leads to ${last}`]),
  ];
}

function listRepeated({ steps, timeline, feed, outbox, inboxes }: ReleaseRecord): string[] {
  const lines = timeline.filter(({ kind }) => !REPEATABLE.includes(kind));
  const states = timeline.filter(({ kind }) => kind === 'state').length;
  const gaps = timeline.filter(({ seq }, index) => seq !== index + 1);
  return [
    ...listTwice(
      'transition',
      steps.map(({ from, to }) => `${from} → ${to}`),
    ),
    ...listTwice(
      'timeline',
      lines.map(({ kind, actor, text }) => `${kind} of ${actor}: ${text}`),
    ),
    ...listTwice(
      'feed',
      feed.map(({ kind, stage }) => `${kind} in stage ${stage}`),
    ),
    ...listTwice(
      'outbox',
      outbox.map(({ kind, to }) => `${kind} to ${to}`),
    ),
    ...listTwice('inbox', inboxes),
    ...(states === steps.length
      ? []
      : [`${states} lines of the timeline tell of ${steps.length} transitions`]),
    ...(gaps.length === 0 ? [] : [`the timeline has a gap before line ${gaps[0]!.seq}`]),
  ];
}

/** A version that is taken back is withdrawn once; what completed was offered. */
function listFeedFaults({ feed }: ReleaseRecord, ends: ReleaseState): string[] {
  const withdrawn = feed.filter(({ kind }) => kind === 'withdraw').length;
  const expected = ends === 'rolled_back' ? 1 : 0;
  const isOffered = feed.some(({ kind }) => kind === 'offer');
  return [
    ...(withdrawn === expected ? [] : [`it was withdrawn ${withdrawn} times, not ${expected}`]),
    ...(ends === 'completed' && !isOffered ? ['nobody was ever offered it'] : []),
  ];
}

function listUndelivered({ outbox, inboxes }: ReleaseRecord): string[] {
  const waiting = outbox.filter(({ isDelivered }) => !isDelivered);
  const missing = outbox.filter(({ key, isDelivered }) => isDelivered && !inboxes.includes(key));
  return [...waiting, ...missing].map(({ kind, to }) => `${kind} did not reach ${to}`);
}

function listTwice(where: string, texts: readonly string[]): string[] {
  const twice = texts.filter((text, index) => texts.indexOf(text) !== index);
  return [...new Set(twice)].map((text) => `${where}: ${text}, more than once`);
}
