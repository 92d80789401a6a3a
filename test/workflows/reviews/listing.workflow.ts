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

test('an approved version is superseded where a newer one is out: it is not listed, and its publisher is told', async () => {
  fixture.script.listingHold = () => ({ successor: '9.0.0' });
  await fixture.run(async () => {
    const of = submission();
    const { handle } = await fixture.publish(of);
    await finalise(handle);
    await fixture.untilState(handle, 'in_review');
    await handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of))] });
    await expect(handle.result()).resolves.toMatchObject({
      state: 'superseded',
      problems: [{ code: 'VERSION_SUPERSEDED' }],
    });
  });
  expect(fixture.transitions().at(-1)).toBe('scheduled → superseded');
  expect(fixture.named('notifySubscribers')).toHaveLength(0);
  expect(fixture.named('startStage')).toHaveLength(0);
  expect(fixture.named('notifyPublisher')[0]?.input).toMatchObject({ outcome: 'superseded' });
});

test('an approved version ends as withdrawn where its publisher had asked for it and the release never heard', async () => {
  fixture.script.listingHold = () => ({ withdrawn: true });
  await fixture.run(async () => {
    const of = submission();
    const { handle } = await fixture.publish(of);
    await finalise(handle);
    await fixture.untilState(handle, 'in_review');
    await handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of))] });
    await expect(handle.result()).resolves.toEqual({ state: 'withdrawn', problems: [] });
  });
  // The transaction that would have listed it has changed the state.
  expect(fixture.transitions().at(-1)).toBe('approved → scheduled');
  expect(fixture.named('listRelease')).toHaveLength(1);
  expect(fixture.named('notifySubscribers')).toHaveLength(0);
  expect(fixture.named('startStage')).toHaveLength(0);
  expect(fixture.named('notifyPublisher')).toHaveLength(0);
});
