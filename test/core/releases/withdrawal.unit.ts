import { isTerminal, releaseStates } from '../../../core/releases/state';
import { checkWithdrawal, describeWithdrawal, isWithdrawn } from '../../../core/releases/withdrawal';

const versionId = 'notes@1.0.0';

describe('A publisher withdraws a release', () => {
  test('in every state before it is listed, and in none after', () => {
    const allowed = releaseStates.filter(
      (state) => checkWithdrawal({ versionId, state, listedAt: null }).length === 0,
    );
    expect(allowed).toEqual(['draft', 'uploading', 'scanning', 'in_review', 'approved', 'scheduled']);
    // Listing writes the time before the state.
    const listedAt = new Date(0);
    expect(
      releaseStates.filter((state) => checkWithdrawal({ versionId, state, listedAt }).length === 0),
    ).toEqual([]);
  });

  test('and is told what else helps, or that it is over', () => {
    const tell = (state: 'rolling_out' | 'rejected') =>
      checkWithdrawal({ versionId, state, listedAt: null }).map(({ code, detail }) => `${code} ${detail}`);
    expect(tell('rolling_out')).toEqual([
      'RELEASE_STATE notes@1.0.0 is listed (rolling_out), so tenants may have it already. Ask an operator to abort its rollout, or publish a newer version.',
    ]);
    expect(tell('rejected')).toEqual(['RELEASE_STATE notes@1.0.0 has ended as rejected.']);
  });

  test('once: one that was withdrawn before it was listed counts as done, and no other end does', () => {
    const done = releaseStates.filter((state) => isWithdrawn({ versionId, state, listedAt: null }));
    expect(done).toEqual(['withdrawn']);
    expect(done.every(isTerminal)).toBe(true);
    expect(isWithdrawn({ versionId, state: 'withdrawn', listedAt: new Date(0) })).toBe(false);
  });

  test('with words of its own, or without', () => {
    expect(describeWithdrawal('publisher:acme', 'The wrong build.')).toBe(
      'publisher:acme asked for it: “The wrong build.”',
    );
    expect(describeWithdrawal('publisher:acme', null)).toBe('publisher:acme asked for it.');
  });
});
