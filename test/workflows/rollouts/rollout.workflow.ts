import type { WorkflowHandle } from '@temporalio/client';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import type { StageRef } from '../../../activities/rollouts/types';
import { abort, evaluate, pause, resume } from '../../../workflows/rollouts/messages';
import { stageQuery } from '../../../workflows/releases/messages';
import { createEvidence } from '../../support/builders/evidence';
import { createSubmission } from '../../support/builders/submission';
import { eventually } from '../../support/waiting';
import { fixtureForEachTest } from '../../support/workflows/eachTest';
import type { WorkflowFixture } from '../../support/workflows/fixture';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const operator = { actor: 'operator:olga', requestId: 'req-op' };

let fixture: WorkflowFixture;
fixtureForEachTest((opened) => (fixture = opened));
beforeEach(() => {
  // A few looks a stage are enough here, and the clock of the server moves one look at a time.
  fixture.script.plan = { ...fixture.script.plan, gate: { ...defaultGate, checkEveryMs: DAY } };
});

const started = () => fixture.named('startStage').map(({ input }) => (input as { stage: number }).stage);
const verdicts = () => fixture.named('endStage').map(({ input }) => (input as { verdict: string }).verdict);
const start = (previousVersion: string | null = '0.9.0') =>
  fixture.startRollout({ ...fixture.order(createSubmission()), previousVersion });
const stageStarted = (stage: number) =>
  eventually(`the start of stage ${stage}`, () => expect(started()).toContain(stage));

/** The clock of the server, in milliseconds. */
const clock = () => fixture.env.currentTimeMs();

describe('a rollout', () => {
  test('advances by durable timers, each stage after its own time [RLO-07]', async () => {
    await fixture.run(async () => {
      const from = await clock();
      const handle = await start();
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
      expect((await clock()) - from).toBeGreaterThanOrEqual(4 * DAY);
    });
    expect(started()).toEqual([1, 2, 3]);
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
    expect(fixture.named('completeRollout')).toHaveLength(1);
  });

  test('tells when the next stage begins: the end of the running one [RLO-11] [RLO-17]', async () => {
    await fixture.run(async () => {
      const handle = await start();
      await stageStarted(1);
      await eventually('the view of the stage', async () => {
        const view = await handle.query(stageQuery);
        expect(view).toMatchObject({ stage: 1, stages: 3, basisPoints: 1000, state: 'active' });
        expect(Date.parse(view!.nextStageAt!) - Date.parse(view!.startedAt!)).toBe(DAY);
      });
      await finish(handle);
    });
  });

  test('passes at once over a stage without tenants, and does not count it as evidence', async () => {
    fixture.script.cohort = (stage) => (stage === 1 ? 0 : 50);
    fixture.script.counters = (stage) => ({ installed: stage === 1 ? 0 : 50, failed: 0, rolledBack: 0 });
    await fixture.run(async () => {
      await (await start()).result();
    });
    const [first, second] = fixture.stageTimes.map(({ startedAt }) => Date.parse(startedAt));
    expect(second! - first!).toBeLessThan(HOUR);
    expect(verdicts()).toEqual(['empty', 'pass', 'pass']);
    expect(fixture.named('endStage')[0]?.input).toMatchObject({
      text: 'Stage 1 had no tenant in its cohort and does not count as evidence.',
    });
  });

  test('watches an empty stage of a first version for its time, and judges it with who subscribed since', async () => {
    fixture.script.cohort = (stage) => (stage === 1 ? 0 : 50);
    fixture.script.evidence = ({ stage }: StageRef) => createEvidence(stage === 1 ? 2 : 50, 50, 0);
    await fixture.run(async () => {
      await (await start(null)).result();
    });
    const [first, second] = fixture.stageTimes.map(({ startedAt }) => Date.parse(startedAt));
    expect(second! - first!).toBeGreaterThanOrEqual(DAY);
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
  });

  test('waits for a second opinion turn by turn, without counting holds, and goes on when it is settled', async () => {
    let looks = 0;
    fixture.script.plan.gate.maxHolds = 0;
    fixture.script.evidence = ({ stage }: StageRef) => {
      if (stage > 1) return createEvidence(50, 50, 0);
      looks += 1;
      const until = new Date(Date.now() + 400 * DAY).toISOString();
      if (looks < 6) return createEvidence(6, 1, 1, { opinion: { state: 'asking', until } });
      return createEvidence(6, 4, 1, { opinion: { state: 'settled' } });
    };
    await fixture.run(async () => {
      const handle = await start();
      await stageStarted(1);
      // The end of a turn is far; a report that answers wakes the rollout.
      while (looks < 6) {
        await handle.signal(evaluate);
        await fixture.env.sleep(HOUR);
      }
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
    });
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
    expect(fixture.transitions()).toEqual([]);
    expect(fixture.named('recordRolloutEvent')).toEqual([]);
  });

  test('looks again when a turn is over, though nobody reports anything', async () => {
    let looks = 0;
    fixture.script.evidence = ({ stage }: StageRef) => {
      if (stage > 1) return createEvidence(50, 50, 0);
      looks += 1;
      const until = new Date(0).toISOString();
      if (looks < 4) return createEvidence(6, 1, 1, { opinion: { state: 'asking', until } });
      return createEvidence(6, 1, 2);
    };
    await fixture.run(async () => {
      const handle = await start();
      await stageStarted(1);
      await handle.signal(evaluate);
      await expect(handle.result()).resolves.toMatchObject({ outcome: 'rolled_back' });
      // The workflow's own times: when nothing is left that waits, the server's clock leaps by years.
      const { startTime, closeTime } = await handle.describe();
      expect(closeTime!.getTime() - startTime.getTime()).toBeLessThan(DAY);
    });
    expect(verdicts()).toEqual(['fail']);
  });

  test('asks an operator at once when nobody is left to give a second opinion, and keeps the stage’s time', async () => {
    let isResumed = false;
    fixture.script.evidence = ({ stage }: StageRef) =>
      stage > 1
        ? createEvidence(50, 50, 0)
        : createEvidence(6, 5, 1, { opinion: { state: isResumed ? 'settled' : 'exhausted' } });
    await fixture.run(async () => {
      const from = await clock();
      const handle = await start();
      await stageStarted(1);
      await handle.signal(evaluate);
      await eventually('the pause', () => expect(fixture.transitions()).toEqual(['rolling_out → paused']));
      isResumed = true;
      await handle.signal(resume, fixture.command(operator));
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
      expect((await clock()) - from).toBeGreaterThanOrEqual(4 * DAY);
    });
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
    expect(fixture.named('recordRolloutEvent').map(({ input }) => input)).toMatchObject([
      { kind: 'rollout_paused', text: expect.stringContaining('waits for a second opinion') },
      { kind: 'rollout_resumed' },
    ]);
  });

  test('never completes with failures that were reported after its last verdict', async () => {
    fixture.script.plan.stages = [{ basisPoints: 10_000, durationMs: HOUR }];
    fixture.script.completes = () => {
      fixture.script.counters = () => ({ installed: 1, failed: 4, rolledBack: 4 });
      return false;
    };
    await fixture.run(async () => {
      await expect((await start()).result()).resolves.toMatchObject({ outcome: 'rolled_back' });
    });
    expect(verdicts()).toEqual(['pass', 'fail']);
    expect(fixture.transitions()).toEqual(['rolling_out → rolled_back']);
  });

  test('takes a version back everywhere when its first stage fails, and alerts both sides [ACC-08]', async () => {
    fixture.script.counters = () => ({ installed: 5, failed: 5, rolledBack: 5 });
    await fixture.run(async () => {
      const result = await (await start()).result();
      expect(result).toMatchObject({ outcome: 'rolled_back', remaining: 0 });
    });
    expect(started()).toEqual([1]);
    expect(verdicts()).toEqual(['fail']);
    const order = ['withdrawOffer', 'awaitReturns', 'closeRollback', 'alertRollback', 'changeState'];
    const done = fixture.effects.map((effect) => effect.name).filter((name) => order.includes(name));
    expect(done).toEqual(order);
    expect(fixture.transitions()).toEqual(['rolling_out → rolled_back']);
    expect(fixture.named('awaitReturns')[0]?.input).toMatchObject({ deadlineMs: 300_000 });
  });

  test('is looked at as soon as reports condemn it, long before the next look is due', async () => {
    fixture.script.counters = () => ({ installed: 0, failed: 0, rolledBack: 0 });
    await fixture.run(async () => {
      const handle = await start();
      await stageStarted(1);
      fixture.script.counters = () => ({ installed: 5, failed: 5, rolledBack: 5 });
      await handle.signal(evaluate);
      await eventually('the verdict', () => expect(verdicts()).toEqual(['fail']));
      await expect(handle.result()).resolves.toMatchObject({ outcome: 'rolled_back' });
      // The workflow's own times, as above.
      const { startTime, closeTime } = await handle.describe();
      expect(closeTime!.getTime() - startTime.getTime()).toBeLessThan(HOUR);
    });
  });

  test('holds a stage that nobody reports on, then waits for an operator: silence is no pass', async () => {
    fixture.script.counters = () => ({ installed: 0, failed: 0, rolledBack: 0 });
    fixture.script.plan.gate.maxHolds = 2;
    await fixture.run(async () => {
      const handle = await start();
      await fixture.env.sleep(2 * DAY);
      await eventually('the pause', () => expect(fixture.transitions()).toEqual(['rolling_out → paused']));
      const kinds = fixture.named('recordRolloutEvent').map(({ input }) => (input as { kind: string }).kind);
      expect(kinds).toEqual(['stage_held', 'stage_held', 'rollout_paused']);
      expect(started()).toEqual([1]);
      await handle.signal(abort, fixture.command(operator));
      await handle.result();
    });
  });

  test('stands still while paused, goes on when resumed, and records who did it [RLO-24]', async () => {
    await fixture.run(async () => {
      const handle = await start();
      await stageStarted(1);
      await handle.signal(pause, fixture.command(operator));
      await eventually('the pause', () => expect(fixture.transitions()).toEqual(['rolling_out → paused']));
      await fixture.env.sleep(10 * DAY);
      expect(started()).toEqual([1]);
      const view = await handle.query(stageQuery);
      expect(view).toMatchObject({ state: 'paused', stage: 1 });
      expect(view).not.toHaveProperty('nextStageAt');
      await handle.signal(resume, fixture.command(operator));
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
    });
    expect(fixture.transitions()).toEqual(['rolling_out → paused', 'paused → rolling_out']);
    expect(fixture.named('recordRolloutEvent').map(({ input }) => input)).toMatchObject([
      { kind: 'rollout_paused', text: 'operator:olga paused the rollout.', origin: operator, sequence: 1 },
      { kind: 'rollout_resumed', text: 'operator:olga resumed the rollout.', origin: operator, sequence: 2 },
    ]);
  });

  test('is taken back when an operator aborts it, with the operator’s name on record [RLO-24]', async () => {
    await fixture.run(async () => {
      const handle = await start();
      await stageStarted(1);
      await handle.signal(abort, fixture.command(operator));
      await expect(handle.result()).resolves.toMatchObject({ reason: 'operator:olga aborted the rollout.' });
    });
    expect(fixture.named('withdrawOffer')[0]?.input).toMatchObject({ origin: operator });
    expect(started()).toEqual([1]);
  });

  test('does not offer before the time that a stage names', async () => {
    await fixture.run(async () => {
      const startAt = new Date((await clock()) + 2 * HOUR).toISOString();
      fixture.script.plan.stages = [{ basisPoints: 10_000, durationMs: HOUR, startAt }];
      await (await start()).result();
      const { startedAt } = fixture.stageTimes[0]!;
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(startAt));
    });
  });

  test('sees failures of an earlier cohort that are told late', async () => {
    fixture.script.evidence = ({ stage }: StageRef) =>
      createEvidence(50, 50, 0, {
        total: { installed: 60, failed: stage === 2 ? 20 : 0, rolledBack: 0 },
      });
    await fixture.run(async () => {
      await expect((await start()).result()).resolves.toMatchObject({ outcome: 'rolled_back' });
    });
    expect(verdicts()).toEqual(['pass', 'fail']);
  });
});

async function finish(handle: WorkflowHandle): Promise<void> {
  await handle.signal(abort, fixture.command(operator));
  await handle.result();
}
