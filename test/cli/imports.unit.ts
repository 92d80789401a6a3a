import { packageFiles, resolveImport } from '../../cli/imports/resolve';
import { scanImports } from '../../cli/imports/scan';

describe('imports of a script are found', () => {
  test.each<[string, string, string[]]>([
    [
      'import declarations',
      "import a from 'a';\nimport 'b';\nexport * from 'c';\nexport { d } from 'd';",
      ['1 a', '2 b', '3 c', '4 d'],
    ],
    ['import()', "const load = () => import('a');\nimport(`b`);", ['1 a', '2 b']],
    ['require', "const a = require('a');\nfunction f() { return require('b'); }", ['1 a', '2 b']],
    ['after a line for the shell', "#!/usr/bin/env node\nrequire('a'); return;", ['2 a']],
    ['in a try, as optional', "try { require('a') } catch { require('b') }", ['1 a?', '1 b']],
    [
      'but not those of a bundle’s own require',
      "(function (require) { require('a') })(x); ((require) => require('b'))(y);",
      [],
    ],
    [
      'nor those that are computed',
      "require(name); import('a' + b); require(`a${b}`); other.require('c');",
      [],
    ],
  ])('%s', (_what, source, expected) => {
    const found = scanImports(source)?.map(
      (each) => `${each.line} ${each.specifier}${each.isOptional ? '?' : ''}`,
    );
    expect(found?.sort()).toEqual(expected);
  });

  test('and what is no script has none', () => {
    expect(scanImports('body { color: red }')).toBeUndefined();
  });
});

describe('an import leads', () => {
  const files = packageFiles([
    ...[
      'dist/a.js',
      'dist/lib/b.cjs',
      'dist/lib/c/index.js',
      'dist/data.json',
      'dist/node_modules/near/index.js',
    ],
    'dist/node_modules/@scope/near/package.json',
  ]);
  const resolve = (specifier: string, from = 'dist/lib/b.cjs') =>
    resolveImport(specifier, from, files, 'own');
  test.each([
    ['node:fs', 'there'],
    ['fs/promises', 'there'],
    ['near', 'there'],
    ['near/deep/file', 'there'],
    ['@scope/near', 'there'],
    ['own/sub', 'there'],
    ['#alias', 'there'],
    ['https://example.com/x.js', 'there'],
    ['../a', { file: 'dist/a.js' }],
    ['./c', { file: 'dist/lib/c/index.js' }],
    ['../data', { file: 'dist/data.json' }],
    ['far/deep', { missing: 'far' }],
    ['@scope/far/deep', { missing: '@scope/far' }],
    ['./absent', { missing: './absent' }],
  ])('from %s to %j', (specifier, expected) => {
    expect(resolve(specifier)).toEqual(expected);
  });
});
