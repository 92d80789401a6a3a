import type { StageRef } from '../../../activities/rollouts/types';
import { DAY, HOUR } from '../../../core/duration';
import { abort, evaluate, pause, resume } from '../../../workflows/rollouts/messages';
import { stageQuery } from '../../../workflows/releases/messages';
import { createEvidence } from '../../support/builders/evidence';
import { eventually } from '../../support/waiting';
import { operator, useRollouts } from '../../support/workflows/rollouts';

const { fixture, started, verdicts, start, stageStarted, clock } = useRollouts();

describe('a rollout', () => {
  test('waits for a second opinion turn by turn, without counting holds, and goes on when it is settled', async () => {
    let looks = 0;
    fixture().script.plan.gate.maxHolds = 0;
    fixture().script.evidence = ({ stage }: StageRef) => {
      if (stage > 1) return createEvidence(50, 50, 0);
      looks += 1;
      const until = new Date(Date.now() + 400 * DAY).toISOString();
      if (looks < 6) return createEvidence(6, 1, 1, { opinion: { state: 'asking', until } });
      return createEvidence(6, 4, 1, { opinion: { state: 'settled' } });
    };
    await fixture().run(async () => {
      const handle = await start();
      await stageStarted(1);
      // The end of a turn is far; a report that answers wakes the rollout.
      while (looks < 6) {
        await handle.signal(evaluate);
        await fixture().env.sleep(HOUR);
      }
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
    });
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
    expect(fixture().transitions()).toEqual([]);
    expect(fixture().named('recordRolloutEvent')).toEqual([]);
  });

  test('looks again when a turn is over, though nobody reports anything', async () => {
    let looks = 0;
    fixture().script.evidence = ({ stage }: StageRef) => {
      if (stage > 1) return createEvidence(50, 50, 0);
      looks += 1;
      const until = new Date(0).toISOString();
      if (looks < 4) return createEvidence(6, 1, 1, { opinion: { state: 'asking', until } });
      return createEvidence(6, 1, 2);
    };
    await fixture().run(async () => {
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
    fixture().script.evidence = ({ stage }: StageRef) =>
      stage > 1
        ? createEvidence(50, 50, 0)
        : createEvidence(6, 5, 1, { opinion: { state: isResumed ? 'settled' : 'exhausted' } });
    await fixture().run(async () => {
      const from = await clock();
      const handle = await start();
      await stageStarted(1);
      await handle.signal(evaluate);
      await eventually('the pause', () => expect(fixture().transitions()).toEqual(['rolling_out → paused']));
      isResumed = true;
      await handle.signal(resume, fixture().command(operator));
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
      expect((await clock()) - from).toBeGreaterThanOrEqual(4 * DAY);
    });
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
    expect(
      fixture()
        .named('recordRolloutEvent')
        .map(({ input }) => input),
    ).toMatchObject([
      { kind: 'rollout_paused', text: expect.stringContaining('waits for a second opinion') },
      { kind: 'rollout_resumed' },
    ]);
  });

  test('holds a stage that nobody reports on, then waits for an operator: silence is no pass', async () => {
    fixture().script.counters = () => ({ installed: 0, failed: 0, rolledBack: 0 });
    fixture().script.plan.gate.maxHolds = 2;
    await fixture().run(async () => {
      const handle = await start();
      await fixture().env.sleep(2 * DAY);
      await eventually('the pause', () => expect(fixture().transitions()).toEqual(['rolling_out → paused']));
      const kinds = fixture()
        .named('recordRolloutEvent')
        .map(({ input }) => (input as { kind: string }).kind);
      expect(kinds).toEqual(['stage_held', 'stage_held', 'rollout_paused']);
      expect(started()).toEqual([1]);
      await handle.signal(abort, fixture().command(operator));
      await handle.result();
    });
  });

  test('stands still while paused, goes on when resumed, and records who did it [RLO-24]', async () => {
    await fixture().run(async () => {
      const handle = await start();
      await stageStarted(1);
      await handle.signal(pause, fixture().command(operator));
      await eventually('the pause', () => expect(fixture().transitions()).toEqual(['rolling_out → paused']));
      await fixture().env.sleep(10 * DAY);
      expect(started()).toEqual([1]);
      const view = await handle.query(stageQuery);
      expect(view).toMatchObject({ state: 'paused', stage: 1 });
      expect(view).not.toHaveProperty('nextStageAt');
      await handle.signal(resume, fixture().command(operator));
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
    });
    expect(fixture().transitions()).toEqual(['rolling_out → paused', 'paused → rolling_out']);
    expect(
      fixture()
        .named('recordRolloutEvent')
        .map(({ input }) => input),
    ).toMatchObject([
      { kind: 'rollout_paused', text: 'operator:olga paused the rollout.', origin: operator, sequence: 1 },
      { kind: 'rollout_resumed', text: 'operator:olga resumed the rollout.', origin: operator, sequence: 2 },
    ]);
  });

  test('is taken back when an operator aborts it, with the operator’s name on record [RLO-24]', async () => {
    await fixture().run(async () => {
      const handle = await start();
      await stageStarted(1);
      await handle.signal(abort, fixture().command(operator));
      await expect(handle.result()).resolves.toMatchObject({ reason: 'operator:olga aborted the rollout.' });
    });
    expect(fixture().named('withdrawOffer')[0]?.input).toMatchObject({ origin: operator });
    expect(started()).toEqual([1]);
  });

  test('pauses by itself when it is evaluated while the version is withheld, so that no stage passes unseen', async () => {
    let isWithheld = true;
    fixture().script.evidence = () => createEvidence(50, 50, 0, isWithheld ? { isWithheld } : {});
    await fixture().run(async () => {
      const handle = await start();
      await stageStarted(1);
      await handle.signal(evaluate);
      await eventually('the pause', () => expect(fixture().transitions()).toEqual(['rolling_out → paused']));
      await fixture().env.sleep(10 * DAY);
      expect(verdicts()).toEqual([]);
      isWithheld = false;
      await handle.signal(resume, fixture().command(operator));
      await expect(handle.result()).resolves.toEqual({ outcome: 'completed' });
    });
    expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
    expect(
      fixture()
        .named('recordRolloutEvent')
        .map(({ input }) => input),
    ).toMatchObject([
      {
        kind: 'rollout_paused',
        text: 'The marketplace withholds the version; stage 1 is waiting for an operator.',
      },
      { kind: 'rollout_resumed', text: 'operator:olga resumed the rollout.' },
    ]);
  });

  test('takes back a version that is withheld, too, when its reports condemn it', async () => {
    fixture().script.evidence = () => createEvidence(10, 5, 5, { isWithheld: true });
    await fixture().run(async () => {
      await expect((await start()).result()).resolves.toMatchObject({ outcome: 'rolled_back' });
    });
    expect(verdicts()).toEqual(['fail']);
  });
});
