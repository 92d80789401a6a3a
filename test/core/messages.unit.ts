import { hasTexts, isObject, isUuid } from '../../core/messages';
import { isStageChange, isSubmission } from '../../core/releases/messages';
import { isRolloutOrder } from '../../core/rollouts/order';

const id = '0b1a4b52-8d2e-4c8a-9c41-2f6f9c1f9a10';
/** What no message may be, wherever an object is agreed. */
const junk: unknown[] = [undefined, null, 0, 7, '', 'x', true, [], [null], {}];

test('an id is a UUID in lower case and nothing longer', () => {
  expect(isUuid(id)).toBe(true);
  for (const each of [...junk, id.toUpperCase(), ` ${id}`, `${id} `, id.slice(1), [id]]) {
    expect(isUuid(each)).toBe(false);
  }
});

test('an object is neither null nor a list', () => {
  expect([{}, { a: 1 }, null, [], 'x', undefined].map(isObject)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a text of a message has 1 to 1,000 characters', () => {
  const has = (a: unknown) => hasTexts({ a }, ['a']);
  expect(['x', 'x'.repeat(1_000)].every(has)).toBe(true);
  expect(['', 'x'.repeat(1_001), 7, null, undefined, ['x']].some(has)).toBe(false);
  expect(hasTexts(null, [])).toBe(false);
});

describe('a submission', () => {
  const request = { pluginId: 'p', version: '1.0.0', channel: 'stable', publishRequestId: id };
  const submission = {
    ...{ publisherId: 'acme', submissionDigest: 'd', callId: id, actor: 'publisher:acme', requestId: 'r' },
    request,
  };

  test('has everything that a release reads of it', () => {
    expect(isSubmission(submission)).toBe(true);
    for (const key of Object.keys(submission))
      expect(isSubmission({ ...submission, [key]: null })).toBe(false);
    for (const key of Object.keys(request)) {
      expect(isSubmission({ ...submission, request: { ...request, [key]: '' } })).toBe(false);
    }
    for (const each of junk) expect(isSubmission(each)).toBe(false);
  });
});

describe('a stage change', () => {
  const stage = { stage: 1, stages: 2, basisPoints: 10_000, state: 'active' };
  const change = { releaseState: 'rolling_out', stage };

  test('names a state of a release, and counts from 0 to 10,000', () => {
    expect(isStageChange(change)).toBe(true);
    expect(isStageChange({ ...change, releaseState: 'approved!' })).toBe(false);
    for (const key of ['stage', 'stages', 'basisPoints']) {
      for (const value of [-1, 0.5, 10_001, Number.NaN, '1', null]) {
        expect(isStageChange({ ...change, stage: { ...stage, [key]: value } })).toBe(false);
      }
      expect(isStageChange({ ...change, stage: { ...stage, [key]: 0 } })).toBe(true);
    }
    expect(isStageChange({ ...change, stage: { ...stage, state: '' } })).toBe(false);
    for (const each of junk) expect(isStageChange(each)).toBe(false);
  });
});

describe('the order of a rollout', () => {
  const plan = { gate: {}, stages: [{ durationMs: 0 }, { durationMs: 86_400_000 }] };
  const order = {
    ...{ releaseId: id, versionId: 'p@1.0.0', pluginId: 'p', version: '1.0.0' },
    origin: { actor: 'spillway', requestId: 'r' },
    plan,
  };
  const withStages = (stages: unknown) => ({ ...order, plan: { ...plan, stages } });

  test('has ids, an origin, and at most 50 stages of at most ten years', () => {
    expect(isRolloutOrder(order)).toBe(true);
    expect(isRolloutOrder(withStages(Array(50).fill({ durationMs: 315_360_000_000 })))).toBe(true);
    expect(isRolloutOrder(withStages(Array(51).fill({ durationMs: 1 })))).toBe(false);
    for (const durationMs of [1e300, -1, 0.5, Number.NaN, '1', null, 315_360_000_001]) {
      expect(isRolloutOrder(withStages([{ durationMs }]))).toBe(false);
    }
    for (const stages of [null, {}, [null], 'x']) expect(isRolloutOrder(withStages(stages))).toBe(false);
    for (const key of Object.keys(order)) expect(isRolloutOrder({ ...order, [key]: null })).toBe(false);
    for (const key of ['actor', 'requestId']) {
      expect(isRolloutOrder({ ...order, origin: { ...order.origin, [key]: 7 } })).toBe(false);
    }
    expect(isRolloutOrder({ ...order, plan: { ...plan, gate: [] } })).toBe(false);
    for (const each of junk) expect(isRolloutOrder(each)).toBe(false);
  });
});
