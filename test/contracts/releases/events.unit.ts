import { createPosition, readReleaseEvent } from '../../../contracts/releases/events';
import type { TimelineEvent } from '../../../contracts/releases/timeline';

const entry = (seq: number) => ({ seq, text: `Step ${seq}.` }) as TimelineEvent;
const timeline = (seq: number) => ({ type: 'timeline' as const, event: entry(seq) });

test('a release’s events are read as timeline entries, states, and the end', () => {
  const messages = [
    { event: 'timeline', data: JSON.stringify(entry(4)) },
    { event: 'state', data: '{"state":"listed"}' },
    { event: 'end', data: '{"state":"completed"}' },
  ];
  expect(messages.map(readReleaseEvent)).toEqual([
    timeline(4),
    { type: 'state', state: 'listed' },
    { type: 'end', state: 'completed' },
  ]);
});

test('an event that only a newer server knows is ignored', () => {
  expect(readReleaseEvent({ event: 'rating', data: 'not even JSON' })).toBeUndefined();
  expect(readReleaseEvent({ data: '{}' })).toBeUndefined();
});

test('an entry that is sent again after a reconnection is let through once', () => {
  const position = createPosition(2);
  const sent = [2, 3, 3, 5, 4, 6].map((seq) => position.isNew(timeline(seq)));
  expect(sent).toEqual([false, true, false, true, false, true]);
  expect(position.seq).toBe(6);
});

test('states and the end are let through every time', () => {
  const position = createPosition();
  const state = { type: 'state', state: 'paused' } as const;
  expect([state, state].map(position.isNew)).toEqual([true, true]);
});
