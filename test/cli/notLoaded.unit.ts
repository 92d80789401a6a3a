import { explainNotLoaded } from '../../cli/init/notLoaded';
import { findHostPackages, isProvided } from '../../core/releases/hostPackages';

describe('why an entry is not loaded', () => {
  const provided = ['obsidian', '@codemirror/*'];
  test.each([
    ["MODULE_NOT_FOUND: Cannot find module 'obsidian'", 'it needs obsidian, which its host provides'],
    [
      "ERR_MODULE_NOT_FOUND: Cannot find package '@codemirror/state' imported from /x",
      'it needs @codemirror/state, which its host provides',
    ],
    ['ReferenceError: window is not defined', 'it needs window, which only its host has'],
    [
      'ERR_ACCESS_DENIED (ChildProcess): Access to this API has been restricted',
      'it starts a program at its start, which the check may not',
    ],
    [
      'SyntaxError: Cannot use import statement outside a module',
      'it is written for a bundler, which its host runs before it loads it',
    ],
  ])('is told of %s', (said, why) => {
    expect(explainNotLoaded(`unhealthy: dist/a.js cannot be used: ${said}`, provided)).toBe(why);
  });

  test.each([
    "MODULE_NOT_FOUND: Cannot find module 'absent'",
    "MODULE_NOT_FOUND: Cannot find module './obsidian'",
    'ReferenceError: mistyped is not defined',
    "TypeError: Cannot read properties of undefined (reading 'x')",
    "SyntaxError: Unexpected token '}'",
  ])('is the plugin’s own trouble with %s', (said) => {
    expect(explainNotLoaded(`unhealthy: dist/a.js cannot be used: ${said}`, provided)).toBeUndefined();
  });
});

test('a host is known by keys, keywords and dependencies of its plugins, and has what they expect of it', () => {
  const certain = (packageJson: object, ...manifests: Record<string, unknown>[]) =>
    findHostPackages(packageJson as Record<string, unknown>, manifests).certain;
  expect(certain({})).toEqual([]);
  expect(certain({ peerDependencies: { react: '*' } })).toEqual(['react']);
  expect(certain({ keywords: ['Obsidian-Plugin'] })).toContain('@codemirror/*');
  expect(certain({}, { id: 'x', minAppVersion: '1.0.0' })).toContain('obsidian');
  expect(certain({ dependencies: { jquery: '*' } })).toEqual(['jquery']);
  expect(isProvided('@codemirror/state', certain({ devDependencies: { obsidian: '*' } }))).toBe(true);
  expect(isProvided('@codemirrors/state', ['@codemirror/*'])).toBe(false);
});
