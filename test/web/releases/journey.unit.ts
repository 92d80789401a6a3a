import fc from 'fast-check';
import { releaseStates } from '../../../core/releases/state';
import { listJourneySteps, type StepStatus } from '../../../web/releases/journey';
import { release, scan, stage } from '../support/fixtures';
import { refused, rolledBack, rollingOut } from '../support/stories';

const statuses = (given: Parameters<typeof listJourneySteps>[0]): Record<string, StepStatus> =>
  Object.fromEntries(listJourneySteps(given).map((step) => [step.label, step.status]));

test('a release in rollout shows what is done, what runs and what is to come', () => {
  expect(statuses(rollingOut().release)).toEqual({
    ...{ Submitted: 'done', Uploaded: 'done', Scanned: 'done', Reviewed: 'done', Listed: 'done' },
    ...{ 'Stage 1': 'done', 'Stage 2': 'current', 'Stage 3': 'upcoming', Completed: 'upcoming' },
  });
});

test('a release that was rolled back shows the stage that failed, and nothing as still to come', () => {
  const shown = statuses(rolledBack().release);
  expect(shown).toMatchObject({ Listed: 'done', 'Stage 1': 'failed', 'Stage 2': 'skipped' });
  expect(shown).toMatchObject({ 'Stage 3': 'skipped', 'Rolled back': 'failed' });
});

test('a rollback under way points at its end while tenants return', () => {
  const { rollout } = rolledBack().release;
  const shown = statuses(release({ state: 'rolling_out', rollout: { ...rollout!, state: 'rolling_back' } }));
  expect(shown).toMatchObject({ 'Stage 1': 'failed', 'Rolling back': 'current' });
});

test('a release that a newer version superseded shows no failure, and nothing as still to come', () => {
  expect(Object.values(statuses({ ...rollingOut().release, state: 'superseded' }))).not.toContain('failed');
  const shown = statuses({ ...rollingOut().release, state: 'superseded' });
  expect(shown).toMatchObject({ 'Stage 1': 'done', 'Stage 2': 'skipped', Superseded: 'skipped' });
  const review = { ...rollingOut().release.review!, decision: 'approve' as const };
  expect(statuses(release({ state: 'superseded', review }))).toMatchObject({
    ...{ Reviewed: 'done', Listed: 'skipped', Superseded: 'skipped' },
  });
});

test('a refused release shows the step at which it was refused', () => {
  expect(statuses(refused().release)).toMatchObject({
    Submitted: 'done',
    Uploaded: 'failed',
    Scanned: 'skipped',
  });
  const scans = [scan('eicar', { verdict: 'fail' })];
  expect(statuses(release({ state: 'rejected', scans }))).toMatchObject({
    Uploaded: 'done',
    Scanned: 'failed',
  });
});

test('a release that a reviewer rejected stops at the review and names the reviewer', () => {
  const review = {
    reviewQueueId: 'q',
    state: 'decided',
    slaDeadline: null,
    decision: 'reject',
    reviewer: 'rob',
    notes: 'No.',
  } as const;
  const step = listJourneySteps(release({ state: 'rejected', review })).find(
    (each) => each.id === 'reviewed',
  );
  expect(step).toMatchObject({ status: 'failed', hint: 'by rob' });
});

test('a review waits for a person, so it is shown as waiting and not as work under way', () => {
  expect(statuses(release({ state: 'in_review' }))).toMatchObject({ Scanned: 'done', Reviewed: 'held' });
});

test('a stage without tenants is skipped and not shown as passed', () => {
  const begun = { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:00.000Z' };
  const stages = [
    stage(1, 500, { ...begun, verdict: 'empty' }),
    stage(2, 10_000, { startedAt: begun.startedAt }),
  ];
  const rollout = { state: 'active' as const, stage: 2, basisPoints: 10_000, stages };
  expect(statuses(release({ state: 'rolling_out', rollout }))).toMatchObject({
    'Stage 1': 'skipped',
    'Stage 2': 'current',
  });
});

const time = '2026-01-01T00:00:00.000Z';

/** Three stages, of which `begun` have begun and all but the last of these have passed. */
const stagesAfter = (begun: number) =>
  [1, 2, 3].map((number) =>
    stage(number, number * 3_000, {
      startedAt: number <= begun ? time : null,
      endedAt: number < begun ? time : null,
      verdict: number < begun ? 'pass' : null,
    }),
  );

const beforeRollout = [
  'draft',
  'uploading',
  'scanning',
  'in_review',
  'changes_requested',
  'approved',
  'scheduled',
];

test('in every state there is one journey: done steps first, and at most one step under way', () => {
  fc.assert(
    fc.property(fc.constantFrom(...releaseStates), fc.integer({ min: 0, max: 3 }), (state, begun) => {
      const hasRollout = begun > 0 && !beforeRollout.includes(state);
      const rollout = {
        state: 'active' as const,
        stage: begun,
        basisPoints: 3_000,
        stages: stagesAfter(begun),
      };
      const steps = listJourneySteps(release({ state, rollout: hasRollout ? rollout : null }));
      const done = steps.map((step) => step.status === 'done');
      expect(done.slice(0, done.lastIndexOf(true) + 1).every(Boolean)).toBe(true);
      const underWay = steps.filter(({ status }) => status === 'current' || status === 'held');
      expect(underWay.length).toBeLessThanOrEqual(1);
    }),
  );
});
