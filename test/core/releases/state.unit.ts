import fc from 'fast-check';
import {
  canMove,
  isInstallable,
  isTerminal,
  nextStates,
  releaseStates,
  type ReleaseState,
} from '../../../core/releases/state';

const anyState = fc.constantFrom(...releaseStates);

describe('the states of a release', () => {
  test('lead from draft to every other state', () => {
    const reached = new Set<ReleaseState>(['draft']);
    for (const state of reached) nextStates(state).forEach((next) => reached.add(next));
    expect([...reached].sort()).toEqual([...releaseStates].sort());
  });

  test('have no way back but between rolling out and paused', () => {
    const walk = fc.array(fc.nat(20), { maxLength: 40 });
    fc.assert(
      fc.property(walk, (choices) => {
        let state: ReleaseState = 'draft';
        const seen: ReleaseState[] = [];
        for (const choice of choices) {
          const next = nextStates(state);
          if (next.length === 0) break;
          seen.push(state);
          state = next[choice % next.length]!;
          if (seen.includes(state)) expect(['rolling_out', 'paused']).toContain(state);
        }
      }),
    );
  });

  test('end where nothing follows, and a live release can always be taken away', () => {
    fc.assert(fc.property(anyState, (state) => isTerminal(state) !== canMove(state, 'withdrawn')));
  });

  test('lead from a draft to everyone through upload, scans, review and rollout', () => {
    const way: ReleaseState[] = [
      'draft',
      'uploading',
      'scanning',
      'in_review',
      'approved',
      'scheduled',
      'listed',
      'rolling_out',
      'completed',
    ];
    expect(way.slice(1).every((state, index) => canMove(way[index]!, state))).toBe(true);
    // Nothing is skipped: no scan, no review, no listing.
    const skips = way.flatMap((from, index) => way.slice(index + 2).map((to) => [from, to] as const));
    expect(skips.filter(([from, to]) => canMove(from, to))).toEqual([]);
  });

  test('reject a release only before it is approved, and roll back only what was rolling out', () => {
    const leadingTo = (to: ReleaseState) => releaseStates.filter((from) => canMove(from, to));
    expect(leadingTo('rejected')).toEqual(['uploading', 'scanning', 'in_review']);
    expect(leadingTo('rolled_back')).toEqual(['rolling_out', 'paused']);
    expect(leadingTo('rolling_out')).toEqual(['listed', 'paused']);
    expect(leadingTo('superseded')).toEqual(['scheduled', 'rolling_out', 'paused']);
    expect(leadingTo('paused')).toEqual(['rolling_out']);
    expect(leadingTo('changes_requested')).toEqual(['in_review']);
  });

  test('end a release for good in nine of them', () => {
    const ends = releaseStates.filter(isTerminal);
    expect(ends).toEqual([
      'changes_requested',
      'completed',
      'rolled_back',
      'superseded',
      'rejected',
      'withdrawn',
      'quarantined',
      'expired',
      'failed',
    ]);
    const live = releaseStates.filter((state) => !ends.includes(state));
    const taken: ReleaseState[] = ['withdrawn', 'quarantined', 'expired', 'failed'];
    expect(live.filter((state) => !taken.every((end) => canMove(state, end)))).toEqual([]);
    expect(ends.flatMap((state) => nextStates(state))).toEqual([]);
  });

  test('let tenants install a version only once it is listed [API-38]', () => {
    const before: ReleaseState[] = ['draft', 'uploading', 'scanning', 'in_review', 'approved', 'scheduled'];
    expect(before.filter(isInstallable)).toEqual([]);
    expect(releaseStates.filter(isInstallable)).toEqual([
      ...['listed', 'rolling_out', 'paused', 'completed', 'superseded'],
    ]);
  });
});
