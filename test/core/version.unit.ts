import {
  checkIncrement,
  compareVersions,
  isNewer,
  isPrerelease,
  isVersion,
  newest,
  suggestVersion,
} from '../../core/version';

describe('A version', () => {
  test.each(['1.2.3', '0.0.0', '1.2.3-beta.1', '1.2.3+build.5', '1.2.3-rc.1+build.05', '10.20.30'])(
    '%s is SemVer 2.0.0',
    (text) => expect(isVersion(text)).toBe(true),
  );

  test.each(['', '1.2', 'v1.2.3', '=1.2.3', ' 1.2.3', '1.2.3 ', '01.2.3', '1.2.3-01', '1.2.3-', '1.2.x'])(
    '%j is refused, because two spellings of one version would be two versions',
    (text) => expect(isVersion(text)).toBe(false),
  );

  test('is ordered by its numbers, a pre-release before its release, whatever its build', () => {
    expect(['1.10.0', '1.9.0', '1.10.0-beta.2', '1.10.0-beta.10'].sort(compareVersions)).toEqual([
      '1.9.0',
      '1.10.0-beta.2',
      '1.10.0-beta.10',
      '1.10.0',
    ]);
    expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0);
    expect([isNewer('1.10.0', '1.9.0'), isNewer('1.9.0', '1.9.0'), isNewer('1.8.0', '1.9.0')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('is the newest of some whatever their order, which stays as it was', () => {
    const versions = ['1.9.0', '1.10.0', '1.10.0-beta.1'];
    expect(newest(versions)).toBe('1.10.0');
    expect(versions).toEqual(['1.9.0', '1.10.0', '1.10.0-beta.1']);
    expect(newest([])).toBeUndefined();
  });

  test('may follow the versions of its channel only when it is greater than all of them [PRE-02]', () => {
    expect(checkIncrement('1.0.0', 'stable', [])).toEqual([]);
    expect(checkIncrement('1.2.0', 'stable', ['1.1.0', '1.0.0'])).toEqual([]);
    expect(checkIncrement('1.1.1', 'beta', ['1.0.0', '1.2.0', '1.1.0'])).toEqual([
      {
        code: 'VERSION_NOT_INCREMENTED',
        detail: 'Version 1.1.1 is not greater than 1.2.0, the newest version in channel beta.',
        pointer: '/version',
      },
    ]);
  });

  test('that exists already is held against the others alone', () => {
    expect(checkIncrement('1.1.0', 'stable', ['1.1.0', '1.0.0'])).toEqual([]);
    expect(checkIncrement('1.1.0', 'stable', ['1.1.0', '1.2.0'])).toHaveLength(1);
  });
});

test.each([
  ['v1.0.0', '1.0.0'],
  ['V1.2.3-beta.1', '1.2.3-beta.1'],
  ['= 1.0.0', '1.0.0'],
  ['1.0', '1.0.0'],
  ['v2', '2.0.0'],
  [' 1.0.0 ', '1.0.0'],
  ['1.0.0beta', '1.0.0-beta'],
  ['latest', undefined],
  ['', undefined],
])('what was written as “%s” is spelt %s in SemVer', (text, right) => {
  expect(suggestVersion(text)).toBe(right);
});

test('a version says of itself whether it is finished', () => {
  expect(['1.0.0', '1.0.0-rc.1', '1.0.0+build', 'x'].map(isPrerelease)).toEqual([false, true, false, false]);
});
