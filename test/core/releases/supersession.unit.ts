import { HOUR, MINUTE } from '../../../core/duration';
import { releaseStates } from '../../../core/releases/state';
import {
  describeSuperseded,
  getSuccessorLooks,
  hasReached,
  listNewer,
} from '../../../core/releases/supersession';

describe('A newer version takes the place of an older one', () => {
  test('that waits to be listed once it is listed itself, and of one that is rolled out only when it is complete', () => {
    const reached = (progress: 'listed' | 'completed') =>
      releaseStates.filter((state) => hasReached(state, progress));
    expect(reached('listed')).toEqual(['listed', 'rolling_out', 'paused', 'completed']);
    expect(reached('completed')).toEqual(['completed']);
  });

  test('by SemVer, the newest first', () => {
    const others = ['1.9.0', '1.10.0', '1.2.0', '2.0.0-beta.1'].map((version) => ({ version }));
    expect(listNewer(others, '1.2.0').map(({ version }) => version)).toEqual([
      ...['2.0.0-beta.1', '1.10.0', '1.9.0'],
    ]);
    expect(listNewer(others, '2.0.0')).toEqual([]);
  });

  test('and its author is told which one', () => {
    const found = describeSuperseded({ pluginId: 'notes', version: '1.0.0', channel: 'beta' }, '1.1.0');
    expect(found).toMatchObject({
      code: 'VERSION_SUPERSEDED',
      detail: '1.1.0 is out in the channel beta, which is newer than notes@1.0.0.',
    });
  });

  test('looked for soon, and then ever more rarely', () => {
    expect(getSuccessorLooks({ holdMs: 6 * HOUR })).toEqual({ firstMs: 5 * MINUTE, longestMs: 6 * HOUR });
    expect(getSuccessorLooks({ holdMs: 2_000 }).firstMs).toBe(2_000);
  });
});
