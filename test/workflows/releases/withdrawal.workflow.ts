import { decide } from '../../../workflows/reviews/messages';
import { withdraw } from '../../../workflows/releases/messages';
import type { ReleaseState } from '../../../core/releases/state';
import { decision, finalise, leave, submission } from '../../support/workflows/releaseSteps';
import { eventually } from '../../support/waiting';
import { fixtureForEachTest } from '../../support/workflows/eachTest';
import type { WorkflowFixture } from '../../support/workflows/fixture';

let fixture: WorkflowFixture;
fixtureForEachTest((opened) => (fixture = opened));

const withdrawnFrom = (from: ReleaseState) => {
  fixture.script.withdraw = () => ({ outcome: 'withdrawn', from });
};
const ended = { state: 'withdrawn', problems: [] };

describe('a release that its publisher withdraws', () => {
  test('while it waits for its upload ends, and what was sent is discarded', async () => {
    withdrawnFrom('uploading');
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await expect(handle.executeUpdate(withdraw)).resolves.toEqual({
        outcome: 'accepted',
        state: 'withdrawn',
      });
      await expect(handle.result()).resolves.toEqual(ended);
    });
    expect(fixture.named('discardUpload').map(({ input }) => input)).toEqual([
      expect.objectContaining({ keepPackage: false }),
    ]);
    // The records changed the state; nobody is told what they asked for.
    expect(fixture.transitions()).toEqual([]);
    expect(fixture.named('notifyPublisher')).toHaveLength(0);
  });

  test('while scanners are silent ends at once', async () => {
    fixture.script.scan = (scanner) => ({ scanner, verdict: 'inconclusive', problems: [] });
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await finalise(handle);
      await eventually('the hold', () => expect(fixture.named('recordScanHold')).not.toHaveLength(0));
      withdrawnFrom('scanning');
      await handle.executeUpdate(withdraw);
      await expect(handle.result()).resolves.toEqual(ended);
    });
    expect(fixture.named('discardUpload')).toHaveLength(1);
  });

  test('while it waits for a reviewer ends, and no decision counts any more', async () => {
    await fixture.run(async () => {
      const of = submission();
      const { handle } = await fixture.publish(of);
      await finalise(handle);
      await fixture.untilState(handle, 'in_review');
      withdrawnFrom('in_review');
      await handle.executeUpdate(withdraw);
      await expect(handle.result()).resolves.toEqual(ended);
      await expect(
        handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of))] }),
      ).rejects.toThrow();
    });
    expect(fixture.transitions()).toEqual(['uploading → scanning', 'scanning → in_review']);
  });

  test('while a restriction holds its listing ends, and is not listed', async () => {
    fixture.script.listingHold = () => ({ restriction: 'Withheld.' });
    await fixture.run(async () => {
      const of = submission();
      const { handle } = await fixture.publish(of);
      await finalise(handle);
      await fixture.untilState(handle, 'in_review');
      await handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of))] });
      await eventually('the hold', () => expect(fixture.named('listRelease')).not.toHaveLength(0));
      withdrawnFrom('scheduled');
      await handle.executeUpdate(withdraw);
      await expect(handle.result()).resolves.toEqual(ended);
    });
    expect(fixture.transitions().at(-1)).toBe('approved → scheduled');
  });

  test('goes on where the records know of no such wish', async () => {
    await fixture.run(async () => {
      const { handle } = await fixture.publish(submission());
      await expect(handle.executeUpdate(withdraw)).resolves.toMatchObject({
        outcome: 'refused',
        problems: [{ code: 'RELEASE_STATE' }],
      });
      await finalise(handle);
      await fixture.untilState(handle, 'in_review');
      await leave(handle);
    });
  });
});
