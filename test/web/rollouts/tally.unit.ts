import { findWhereabouts, sumTenants } from '../../../web/rollouts/tally';

const stage = (cohort: number, installed: number, failed = 0, rolledBack = 0) => ({
  ...{ cohort, installed, failed, rolledBack },
});
const closed = (remaining: number) => ({
  ...{ seq: 9, kind: 'rolled_back_everywhere' as const, text: 'It was closed.', data: { remaining } },
});
const returned = (seq: number, tenantId: string) => ({
  ...{ seq, kind: 'install' as const, text: 'Back.', data: { kind: 'rolled_back', tenantId } },
});

describe('The page of a rollout', () => {
  test('waits for no tenant that reported in a later stage than its own', () => {
    expect(sumTenants([stage(2, 1), stage(4, 5)])).toEqual({ running: 6, failed: 0, back: 0, waiting: 0 });
    expect(sumTenants([stage(2, 1), stage(4, 4)])).toMatchObject({ running: 5, waiting: 1 });
  });

  test('says who is left as the rollback counted them, and not of those who came back later', () => {
    const stages = [stage(6, 6, 0, 6)];
    expect(findWhereabouts(stages, [closed(1)])).toEqual({ all: 6, left: 1, note: 'It was closed.' });
    expect(findWhereabouts(stages, [closed(1), returned(10, 'a'), returned(11, 'a')])).toEqual({
      ...{ all: 6, left: 0, note: 'The last of them came back after the rollback was closed.' },
    });
    expect(findWhereabouts(stages, [closed(2), returned(10, 'a')])).toEqual({
      ...{ all: 6, left: 1, note: undefined },
    });
    expect(findWhereabouts(stages, [returned(8, 'a'), closed(0)])).toMatchObject({
      left: 0,
      note: 'It was closed.',
    });
  });

  test('counts who still runs the version while it is taken back', () => {
    expect(findWhereabouts([stage(6, 5, 1, 3)], [])).toEqual({ all: 6, left: 2, note: undefined });
  });
});
