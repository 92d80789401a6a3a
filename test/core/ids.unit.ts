import fc from 'fast-check';
import {
  formatVersionId,
  packageKey,
  parseVersionId,
  partKey,
  partPrefix,
  releaseWorkflowId,
  rolloutWorkflowId,
  taskQueues,
} from '../../core/ids';

describe('A version’s id', () => {
  test('is read back as the plugin and version that it was made of', () => {
    const pluginId = fc.stringMatching(/^[a-z.]{1,30}$/);
    const version = fc.stringMatching(/^[0-9a-z.+@-]{1,30}$/);
    fc.assert(
      fc.property(pluginId, version, (plugin, number) => {
        const id = formatVersionId(plugin, number);
        expect(parseVersionId(id)).toEqual({ pluginId: plugin, version: number });
      }),
    );
    expect(formatVersionId('com.example.notes', '1.2.0')).toBe('com.example.notes@1.2.0');
  });

  test.each(['', '@', '@1.0.0', 'com.example.notes', 'com.example.notes@'])('is not %j', (text) => {
    expect(parseVersionId(text)).toBeUndefined();
  });

  test('names the workflows of its release and of its rollout, which are two', () => {
    expect(releaseWorkflowId('notes@1.0.0')).toBe('release:notes@1.0.0');
    expect(rolloutWorkflowId('notes@1.0.0')).toBe('rollout:notes@1.0.0');
  });
});

test('every kind of work has a queue of its own', () => {
  const names = Object.values(taskQueues);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^spillway-[a-z-]+$/.test(name))).toEqual([]);
});

describe('The key of an object', () => {
  test('sorts the parts of an upload by their numbers, below the prefix of their release', () => {
    const keys = [2, 10, 1].map((number) => partKey('release-1', { number, sha256: 'ab' }));
    expect(keys.sort()).toEqual([
      'uploads/release-1/0001-ab',
      'uploads/release-1/0002-ab',
      'uploads/release-1/0010-ab',
    ]);
    expect(keys.every((key) => key.startsWith(partPrefix('release-1')))).toBe(true);
    expect(partKey('release-11', { number: 1, sha256: 'ab' }).startsWith(partPrefix('release-1'))).toBe(
      false,
    );
  });

  test('of a package names plugin, version and digest', () => {
    expect(packageKey('notes', '1.0.0', 'ab')).toBe('packages/notes/1.0.0/ab.pxp');
  });
});
