import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { approve, decide } from '../../../workflows/reviews/messages';
import { stateQuery, timelineQuery } from '../../../workflows/releases/messages';
import { decision, finalise, submission, leave } from '../../support/workflows/releaseSteps';
import { eventually } from '../../support/waiting';
import { fixtureForEachTest } from '../../support/workflows/eachTest';
import type { WorkflowFixture } from '../../support/workflows/fixture';

const HOUR = 3_600_000;

let fixture: WorkflowFixture;
fixtureForEachTest((opened) => (fixture = opened));

describe('a review', () => {
  /** A release that waits for a reviewer. */
  async function inReview() {
    const of = submission();
    const { handle } = await fixture.publish(of);
    await finalise(handle);
    await fixture.untilState(handle, 'in_review');
    return { of, handle };
  }

  test('waits for a person, and the wait survives a worker that is replaced [REV-04]', async () => {
    const uncached = 0;
    fixture.script.cohort = () => 0;
    const { of, handle } = await fixture.run(inReview, uncached);
    await fixture.run(async () => {
      await handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of))] });
      await expect(handle.result()).resolves.toMatchObject({ state: 'completed' });
    }, uncached);
    expect(fixture.named('takeDecision')).toHaveLength(1);
  });

  test('takes the first of two decisions and refuses the second [REV-21]', async () => {
    await fixture.run(async () => {
      const { of, handle } = await inReview();
      const both = await Promise.allSettled([
        handle.executeUpdate(decide, {
          args: [fixture.decisions.write(decision(of, { decision: 'reject' }))],
        }),
        handle.executeUpdate(decide, { args: [fixture.decisions.write(decision(of, { reviewer: 'ruth' }))] }),
      ]);
      const refused = both.filter((each) => each.status === 'rejected').map((each) => each.reason as unknown);
      expect(refused).toHaveLength(1);
      expect(refused[0]).toBeInstanceOf(WorkflowUpdateFailedError);
      expect((refused[0] as WorkflowUpdateFailedError).cause).toMatchObject({ type: 'REVIEW_CLOSED' });
      await handle.result();
    });
    expect(fixture.transitions().filter((each) => each.startsWith('in_review → '))).toHaveLength(1);
  });

  test('refuses a decision on another package, and one by the publisher', async () => {
    await fixture.run(async () => {
      const { of, handle } = await inReview();
      const wrong = [decision(of, { packageSha256: 'f'.repeat(64) }), decision(of, { reviewer: 'acme' })];
      const causes = [];
      for (const each of wrong) {
        const failure = await handle
          .executeUpdate(decide, { args: [fixture.decisions.write(each)] })
          .catch((error: unknown) => error);
        causes.push((failure as WorkflowUpdateFailedError).cause);
      }
      expect(causes).toMatchObject([{ type: 'REVIEW_DIGEST' }, { type: 'REVIEW_OWN' }]);
      expect(await handle.query(stateQuery)).toMatchObject({ state: 'in_review' });
      await leave(handle);
    });
  });

  test('is decided by a signal that carries the id of a recorded decision', async () => {
    fixture.script.cohort = () => 0;
    await fixture.run(async () => {
      const { of, handle } = await inReview();
      await handle.signal(approve, fixture.decisions.write(decision(of)));
      await expect(handle.result()).resolves.toMatchObject({ state: 'completed' });
    });
    expect(fixture.transitions()).toContain('in_review → approved');
  });

  test('is decided by no message without a recorded decision, and stays open for the one that has it', async () => {
    await fixture.run(async () => {
      const { of, handle } = await inReview();
      const rejected = fixture.decisions.write(decision(of, { decision: 'reject' }));
      const forged = [
        ...[undefined, null, 'approve', 7, [], {}, { decisionId: null }, { decisionId: 'x' }],
        { reviewer: 'mallory', actor: 'reviewer:mallory', requestId: 'r' },
        { decisionId: randomUUID() },
        rejected,
      ];
      for (const message of forged) await handle.signal('approve', message);
      for (const message of forged.slice(0, -1)) {
        await expect(handle.executeUpdate('decide', { args: [message] })).rejects.toThrow();
      }
      expect(await handle.query(stateQuery)).toMatchObject({ state: 'in_review' });
      await handle.executeUpdate(decide, { args: [rejected] });
      await expect(handle.result()).resolves.toMatchObject({ state: 'rejected' });
    });
    expect(fixture.named('listRelease')).toHaveLength(0);
  });

  test('warns at half and three quarters of its four hours and alerts once when they are over [REV-18]', async () => {
    await fixture.run(async () => {
      const { of, handle } = await inReview();
      const levels = () => fixture.named('alertSla').map(({ input }) => (input as { level: number }).level);
      await fixture.env.sleep(2 * HOUR + 1000);
      await eventually('the reminder', () => expect(levels()).toEqual([0.5]));
      await fixture.env.sleep(HOUR);
      await eventually('the reminder', () => expect(levels()).toEqual([0.5, 0.75]));
      await fixture.env.sleep(HOUR);
      await eventually('the reminder', () => expect(levels()).toEqual([0.5, 0.75, 1]));
      await fixture.env.sleep(48 * HOUR);
      expect(levels()).toEqual([0.5, 0.75, 1]);
      await handle.executeUpdate(decide, {
        args: [fixture.decisions.write(decision(of, { decision: 'reject', notes: 'Too wide.' }))],
      });
      await expect(handle.result()).resolves.toEqual({ state: 'rejected', problems: [] });
    });
  });

  test('is not decided by cancelling the workflow: the run ends, and the records stay as they are', async () => {
    await fixture.run(async () => {
      const { handle } = await inReview();
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
    expect(fixture.transitions().at(-1)).toBe('scanning → in_review');
    expect(fixture.named('listRelease')).toHaveLength(0);
  });

  test('leaves a timeline that tells what the release waited for', async () => {
    await fixture.run(async () => {
      const { handle } = await inReview();
      const texts = (await handle.query(timelineQuery)).map((step) => step.text);
      expect(texts).toEqual(
        expect.arrayContaining(['uploading: package upload', 'in_review: a review decision']),
      );
      await leave(handle);
    });
  });
});
