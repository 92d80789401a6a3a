import { describeEvent, describeSteering, stateAfterEvent } from '../../../core/rollouts/events';

test('a pause and its end change the state of a rollout; a hold and an abort leave it to what follows', () => {
  expect(stateAfterEvent).toEqual({
    stage_held: undefined,
    rollout_paused: 'paused',
    rollout_resumed: 'active',
    rollout_aborted: undefined,
  });
});

test.each([
  ['rollout_paused', 'olga paused the rollout.'],
  ['rollout_resumed', 'olga resumed the rollout.'],
  ['rollout_aborted', 'olga aborted the rollout.'],
] as const)('%s reads as what an operator did', (kind, sentence) => {
  expect(describeSteering(kind, 'olga')).toBe(sentence);
});

test('the entry of an event has a key of its own in the rollout, and names the stage', () => {
  const event = {
    kind: 'rollout_paused' as const,
    stage: 2,
    text: 'olga paused the rollout.',
    actor: 'olga',
  };
  const { kind, text, actor } = event;
  expect(describeEvent({ ...event, sequence: 7 })).toEqual({
    ...{ key: 'rollout-event:7', kind, text, actor, data: { stage: 2 } },
  });
  expect(describeEvent({ ...event, sequence: 8 }).key).not.toBe('rollout-event:7');
});
