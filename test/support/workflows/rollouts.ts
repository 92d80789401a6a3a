import { defaultGate } from '../../../core/releases/rolloutPlan';
import { DAY } from '../../../core/duration';
import { createSubmission } from '../builders/submission';
import { eventually } from '../waiting';
import { fixtureForEachTest } from './eachTest';
import type { WorkflowFixture } from './fixture';

export const operator = { actor: 'operator:olga', requestId: 'req-op' };

/** Rollouts for the tests of a file, which run without a release around them, and what became of them. */
export function useRollouts() {
  let opened: WorkflowFixture;
  fixtureForEachTest((fixture) => (opened = fixture));
  beforeEach(() => {
    // A few looks a stage are enough here, and the clock of the server moves one look at a time.
    opened.script.plan = { ...opened.script.plan, gate: { ...defaultGate, checkEveryMs: DAY } };
  });
  const started = () => opened.named('startStage').map(({ input }) => (input as { stage: number }).stage);
  return {
    fixture: () => opened,
    started,
    verdicts: () => opened.named('endStage').map(({ input }) => (input as { verdict: string }).verdict),
    start: (previousVersion: string | null = '0.9.0') =>
      opened.startRollout({ ...opened.order(createSubmission()), previousVersion }),
    stageStarted: (stage: number) =>
      eventually(`the start of stage ${stage}`, () => expect(started()).toContain(stage)),
    /** The clock of the server, in milliseconds. */
    clock: () => opened.env.currentTimeMs(),
  };
}
