import { decide } from '../../../workflows/reviews/messages';
import { stateQuery } from '../../../workflows/releases/messages';
import { decision, finalise, submission } from '../../support/workflows/releaseSteps';
import { fixtureForEachTest } from '../../support/workflows/eachTest';
import type { WorkflowFixture } from '../../support/workflows/fixture';

let fixture: WorkflowFixture;
fixtureForEachTest((opened) => (fixture = opened));

test('an approved version waits while a restriction is in force, says so, and is listed once it is lifted', async () => {
  const restriction = 'com.acme.notes@1.0.0 is quarantined: nobody new is offered it. Reason: A report.';
  const held: string[] = [];
  await fixture.run(async () => {
    const of = submission();
    const { handle } = await fixture.publish(of);
    fixture.script.listingHold = () => (held.push(restriction) < 4 ? { restriction } : undefined);
    await finalise(handle);
    await fixture.untilState(handle, 'in_review');
    await handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of))] });
    await expect(handle.result()).resolves.toMatchObject({ state: 'completed' });
    expect(await handle.query(stateQuery)).toMatchObject({ state: 'completed' });
  });
  expect(fixture.named('listRelease')).toHaveLength(4);
  expect(fixture.transitions()).toContain('scheduled → listed');
});
