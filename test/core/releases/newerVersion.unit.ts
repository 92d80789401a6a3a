import { findNewerVersion, type VersionState } from '../../../core/releases/newerVersion';

const asked = { version: '1.1.0', channel: 'stable' };
const known = (version: string, more: Partial<VersionState> = {}): VersionState => ({
  ...{ version, channel: 'stable', state: 'completed' },
  ...more,
});

describe('a newer version', () => {
  test('is the newest that tenants may install, by the order of versions', () => {
    const versions = [known('1.9.0'), known('1.10.0', { state: 'rolling_out' }), known('1.2.0')];
    expect(findNewerVersion(asked, versions)).toEqual(known('1.10.0', { state: 'rolling_out' }));
  });

  test.each<[string, VersionState[]]>([
    ['no other version', []],
    ['the version itself', [known('1.1.0')]],
    ['an older one', [known('1.0.9')]],
    ['one of another channel', [known('1.2.0', { channel: 'beta' })]],
    ['one that is still reviewed', [known('1.2.0', { state: 'in_review' })]],
    ['one that was withdrawn', [known('1.2.0', { state: 'withdrawn' })]],
    ['one that was rolled back', [known('1.2.0', { state: 'rolled_back' })]],
  ])('is not %s', (_what, versions) => {
    expect(findNewerVersion(asked, versions)).toBeUndefined();
  });
});
