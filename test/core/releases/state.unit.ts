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

  test('let tenants install a version only once it is listed [API-38]', () => {
    const before: ReleaseState[] = ['draft', 'uploading', 'scanning', 'in_review', 'approved', 'scheduled'];
    expect(before.filter(isInstallable)).toEqual([]);
    expect(releaseStates.filter(isInstallable)).toEqual(['listed', 'rolling_out', 'paused', 'completed']);
  });
});
