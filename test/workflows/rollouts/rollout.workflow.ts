import type { StageRef } from '../../../activities/rollouts/types';
import { DAY, HOUR } from '../../../core/duration';
import { abort, evaluate } from '../../../workflows/rollouts/messages';
import { stageQuery } from '../../../workflows/releases/messages';
import { createEvidence } from '../../support/builders/evidence';
import { eventually } from '../../support/waiting';
import { operator, useRollouts } from '../../support/workflows/rollouts';

const { fixture, started, verdicts, start, stageStarted, clock } = useRollouts();

describe('a rollout', () => {
  test('advances by durable timers, each stage after its own time [RLO-07]', async () => {
    await fixture().run(async () => {
      const from = await clock();
      const handle = await start();
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
      expect((await clock()) - from).toBeGreaterThanOrEqual(4 * DAY);
    });
    expect(started()).toEqual([1, 2, 3]);
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
    expect(fixture().named('completeRollout')).toHaveLength(1);
  });

  test('tells when the next stage begins: the end of the running one [RLO-11] [RLO-17]', async () => {
    await fixture().run(async () => {
      const handle = await start();
      await stageStarted(1);
      await eventually('the view of the stage', async () => {
        const view = await handle.query(stageQuery);
        expect(view).toMatchObject({ stage: 1, stages: 3, basisPoints: 1000, state: 'active' });
        expect(Date.parse(view!.nextStageAt!) - Date.parse(view!.startedAt!)).toBe(DAY);
      });
      await handle.signal(abort, fixture().command(operator));
      await handle.result();
    });
  });

  test('passes at once over a stage without tenants, and does not count it as evidence', async () => {
    fixture().script.cohort = (stage) => (stage === 1 ? 0 : 50);
    fixture().script.counters = (stage) => ({ installed: stage === 1 ? 0 : 50, failed: 0, rolledBack: 0 });
    await fixture().run(async () => {
      await (await start()).result();
    });
    const [first, second] = fixture().stageTimes.map(({ startedAt }) => Date.parse(startedAt));
    expect(second! - first!).toBeLessThan(HOUR);
    expect(verdicts()).toEqual(['empty', 'pass', 'pass']);
    expect(fixture().named('endStage')[0]?.input).toMatchObject({
      text: 'Stage 1 had no tenant in its cohort and does not count as evidence.',
    });
  });

  test('watches an empty stage of a first version for its time, and judges it with who subscribed since', async () => {
    fixture().script.cohort = (stage) => (stage === 1 ? 0 : 50);
    fixture().script.evidence = ({ stage }: StageRef) => createEvidence(stage === 1 ? 2 : 50, 50, 0);
    await fixture().run(async () => {
      await (await start(null)).result();
    });
    const [first, second] = fixture().stageTimes.map(({ startedAt }) => Date.parse(startedAt));
    expect(second! - first!).toBeGreaterThanOrEqual(DAY);
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
  });

  test('never completes with failures that were reported after its last verdict', async () => {
    fixture().script.plan.stages = [{ basisPoints: 10_000, durationMs: HOUR }];
    fixture().script.completes = () => {
      fixture().script.counters = () => ({ installed: 1, failed: 4, rolledBack: 4 });
      return false;
    };
    await fixture().run(async () => {
      await expect((await start()).result()).resolves.toMatchObject({ outcome: 'rolled_back' });
    });
    expect(verdicts()).toEqual(['pass', 'fail']);
    expect(fixture().transitions()).toEqual(['rolling_out → rolled_back']);
  });

  test('takes a version back everywhere when its first stage fails, and alerts both sides [ACC-08]', async () => {
    fixture().script.counters = () => ({ installed: 5, failed: 5, rolledBack: 5 });
    await fixture().run(async () => {
      const result = await (await start()).result();
      expect(result).toMatchObject({ outcome: 'rolled_back', remaining: 0 });
    });
    expect(started()).toEqual([1]);
    expect(verdicts()).toEqual(['fail']);
    const order = ['withdrawOffer', 'awaitReturns', 'closeRollback', 'alertRollback', 'changeState'];
    const done = fixture()
      .effects.map((effect) => effect.name)
      .filter((name) => order.includes(name));
    expect(done).toEqual(order);
    expect(fixture().transitions()).toEqual(['rolling_out → rolled_back']);
    expect(fixture().named('awaitReturns')[0]?.input).toMatchObject({ deadlineMs: 300_000 });
  });

  test('is looked at as soon as reports condemn it, long before the next look is due', async () => {
    fixture().script.counters = () => ({ installed: 0, failed: 0, rolledBack: 0 });
    await fixture().run(async () => {
      const handle = await start();
      await stageStarted(1);
      fixture().script.counters = () => ({ installed: 5, failed: 5, rolledBack: 5 });
      await handle.signal(evaluate);
      await eventually('the verdict', () => expect(verdicts()).toEqual(['fail']));
      await expect(handle.result()).resolves.toMatchObject({ outcome: 'rolled_back' });
      // The workflow's own times, as above.
      const { startTime, closeTime } = await handle.describe();
      expect(closeTime!.getTime() - startTime.getTime()).toBeLessThan(HOUR);
    });
  });

  test('does not offer before the time that a stage names', async () => {
    await fixture().run(async () => {
      const startAt = new Date((await clock()) + 2 * HOUR).toISOString();
      fixture().script.plan.stages = [{ basisPoints: 10_000, durationMs: HOUR, startAt }];
      await (await start()).result();
      const { startedAt } = fixture().stageTimes[0]!;
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(startAt));
    });
  });

  test('sees failures of an earlier cohort that are told late', async () => {
    fixture().script.evidence = ({ stage }: StageRef) =>
      createEvidence(50, 50, 0, {
        total: { installed: 60, failed: stage === 2 ? 20 : 0, rolledBack: 0 },
      });
    await fixture().run(async () => {
      await expect((await start()).result()).resolves.toMatchObject({ outcome: 'rolled_back' });
    });
    expect(verdicts()).toEqual(['pass', 'fail']);
  });
});
