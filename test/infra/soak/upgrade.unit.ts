import { isTerminal, releaseStates } from '../../../core/releases/state';
import { listFaults, type ReleaseRecord } from '../../../infra/soak/upgrade/compare';
import { orderCases, upgradeCases } from '../../../infra/soak/upgrade/plan';
import { renderOutcomes } from '../../../infra/soak/upgrade/table';

/** A release is registered as `uploading`, and nothing leads to `changes_requested` yet. */
const NOT_REACHED = ['draft', 'changes_requested'];
/** Ends that need a second version, a day, an operator's later tool, or a fault of the platform. */
const ENDS_NOT_TRIED = ['superseded', 'quarantined', 'expired', 'failed'];

describe('the soak of an upgrade', () => {
  test('has a release in every state in which one can stand', () => {
    const stood = new Set(upgradeCases.map(({ state }) => state));
    const missing = releaseStates.filter((state) => !stood.has(state));
    expect(missing).toEqual([...NOT_REACHED, ...ENDS_NOT_TRIED]);
    expect(upgradeCases.filter(({ ends }) => !isTerminal(ends))).toEqual([]);
    const names = upgradeCases.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test('does what is held by a time last, and the rest in an order that the seed alone decides', () => {
    const names = (seed: number): string[] => orderCases(upgradeCases, seed).map(({ name }) => name);
    expect(names(1)).toEqual(orderCases([...upgradeCases].reverse(), 1).map(({ name }) => name));
    expect(names(1)).not.toEqual(names(2));
    expect(names(2).toSorted()).toEqual(upgradeCases.map(({ name }) => name).toSorted());
    const timed = orderCases(upgradeCases, 3).map(
      ({ rollout, ends, state }) => rollout !== 'short' && ends !== state,
    );
    expect(timed).toEqual(timed.toSorted((a, b) => Number(a) - Number(b)));
  });
});

const before: ReleaseRecord = {
  state: 'uploading',
  steps: [{ from: 'draft', to: 'uploading' }],
  timeline: [{ seq: 1, kind: 'state', actor: 'acme', text: 'Uploading.' }],
  feed: [],
  outbox: [{ key: 'a', kind: 'listed', to: 'tenant acme', isDelivered: false }],
  inboxes: [],
};
const after: ReleaseRecord = {
  state: 'withdrawn',
  steps: [...before.steps, { from: 'uploading', to: 'withdrawn' }],
  timeline: [...before.timeline, { seq: 2, kind: 'state', actor: 'spillway', text: 'Withdrawn.' }],
  feed: [],
  outbox: [{ ...before.outbox[0]!, isDelivered: true }],
  inboxes: ['a'],
};

describe('the records before and after an upgrade', () => {
  test('agree where all that was there is there once, and the release ended as it should', () => {
    expect(listFaults(before, after, 'withdrawn')).toEqual([]);
  });

  const line = after.timeline[1]!;
  const offer = { revision: 7, kind: 'withdraw', stage: 1 };
  test.each<[string, Partial<ReleaseRecord>, string[]]>([
    ['another end', { state: 'failed' }, ['it ended as failed, not as withdrawn']],
    [
      'a lost line',
      { timeline: [line] },
      [
        'timeline: what was there is not any more',
        '1 lines of the timeline tell of 2 transitions',
        'the timeline has a gap before line 2',
      ],
    ],
    [
      'a repeated line',
      { timeline: [...after.timeline, { ...line, seq: 3 }] },
      [
        'timeline: state of spillway: Withdrawn., more than once',
        '3 lines of the timeline tell of 2 transitions',
      ],
    ],
    [
      'a step too few',
      { steps: before.steps },
      ['the last transition leads to uploading', '2 lines of the timeline tell of 1 transitions'],
    ],
    [
      'a step from elsewhere',
      { steps: [before.steps[0]!, { from: 'scanning', to: 'withdrawn' }] },
      ['transition scanning → withdrawn does not follow from the one before'],
    ],
    ['a withdrawal of what nobody had', { feed: [offer] }, ['it was withdrawn 1 times, not 0']],
    [
      'a message twice',
      { outbox: [...after.outbox, { ...after.outbox[0]!, key: 'b' }], inboxes: ['a', 'b'] },
      ['outbox: listed to tenant acme, more than once'],
    ],
    ['a message under way', { outbox: before.outbox }, ['listed did not reach tenant acme']],
    ['a message that never arrived', { inboxes: [] }, ['listed did not reach tenant acme']],
  ])('tell of %s', (_, change, faults) => {
    expect(listFaults(before, { ...after, ...change }, 'withdrawn')).toEqual(faults);
  });

  test('tell of a completed release that nobody was offered, and of one taken back that was not withdrawn', () => {
    const completed = listFaults(before, { ...after, state: 'completed' }, 'completed');
    expect(completed).toContain('nobody was ever offered it');
    const returned = listFaults(before, { ...after, state: 'rolled_back' }, 'rolled_back');
    expect(returned).toContain('it was withdrawn 0 times, not 1');
  });
});

test('the table has a line for each release, and names below it what was wrong', () => {
  const [well, ill] = upgradeCases;
  const text = renderOutcomes([
    { upgradeCase: well!, before: 'uploading', after: 'completed', faults: [] },
    { upgradeCase: ill!, before: 'scanning', after: undefined, faults: ['it is lost'] },
  ]);
  expect(text).toMatch(/^state before +\| carried on by +\| ended as +\| expected +\|$/m);
  expect(text).toMatch(/^uploading: one part of three is there +\| .* \| completed +\| completed +\| ok$/m);
  expect(text).toMatch(/^scanning: a required scanner is silent +\| .* \| unknown +\| completed +\| FAIL$/m);
  expect(text).toContain('silent-scanner: it is lost');
  expect(text).toContain('1 of 2 came through');
});
