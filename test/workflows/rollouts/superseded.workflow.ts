import { problem } from '../../../core/errors/errors';
import { createSubmission } from '../../support/builders/submission';
import { fixtureForEachTest } from '../../support/workflows/eachTest';
import type { WorkflowFixture } from '../../support/workflows/fixture';

let fixture: WorkflowFixture;
fixtureForEachTest((opened) => (fixture = opened));

test('a rollout that waits for an operator ends when a newer version has taken its place, and nothing is taken back', async () => {
  const problems = [problem('VERSION_SUPERSEDED', '1.1.0 is out in the channel stable.')];
  let looks = 0;
  fixture.script.superseded = () => ((looks += 1) > 2 ? problems : null);
  fixture.script.counters = () => ({ installed: 0, failed: 0, rolledBack: 0 });
  fixture.script.plan.gate.maxHolds = 1;
  await fixture.run(async () => {
    const handle = await fixture.startRollout({
      ...fixture.order(createSubmission()),
      previousVersion: '0.9.0',
    });
    await expect(handle.result()).resolves.toEqual({ outcome: 'superseded', problems });
  });
  expect(looks).toBe(3);
  // The records end release and rollout in the transaction that looks.
  expect(fixture.transitions()).toEqual(['rolling_out → paused']);
  expect(fixture.named('withdrawOffer')).toHaveLength(0);
  expect(fixture.named('endStage')).toHaveLength(0);
});
