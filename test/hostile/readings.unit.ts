import { canonicalJson } from '../../core/canonicalJson';
import { Refusal } from '../../core/errors/errors';
import { parseStrictJson } from '../../core/strictJson';
import { verifyPackage } from '../../pxp/verifyPackage';
import { readYaml } from '../../pxp/yaml';
import { signingKey } from '../support/builders/keys';
import { manifest, sealTexts } from '../support/builders/packages';
import { createPluginFolder, pluginFiles } from '../support/builders/pluginFolder';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';

const folder = temporaryFolder('hostile');
const code = { 'dist/index.js': 'exports.notes = 1;\n' };

/** What is wrong with a package of these texts, which its publisher signed. */
async function listProblems(texts: Record<string, string>): Promise<[string, string | undefined][]> {
  const keys = [(await signingKey()).publicKeyArmored];
  try {
    await verifyPackage(await sealTexts(folder, { ...texts, ...code }), { keys });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ code: each, pointer }) => [each, pointer]);
  }
}

const honest = canonicalJson(manifest);

describe('plugin.yaml in a package is held against its manifest, by marketplace and hosts', () => {
  test('where both say the same, in whatever spelling, the package verifies [CLI-14]', async () => {
    const yaml = [
      '# The same plugin.',
      'permissions: [ notes.page.read ]',
      'version: 1.2.3',
      'runtime: { entry: dist/index.js }',
      "name: 'Notes'",
      'id: com.example.notes',
    ].join('\n');
    expect(await listProblems({ 'manifest.json': honest, 'plugin.yaml': yaml })).toEqual([]);
    expect(await listProblems({ 'manifest.json': honest })).toEqual([]);
  });

  test.each([
    ['names another plugin', { id: 'com.example.other' }, '/id'],
    ['calls itself something else', { name: 'Bank' }, '/name'],
    ['is of another version', { version: '9.9.9' }, '/version'],
    ['grants everything', { permissions: ['notes.page.read', 'system.all.write'] }, '/permissions'],
    ['runs another file', { runtime: { entry: 'dist/other.js' } }, '/runtime/entry'],
    [
      'has another health check',
      { runtime: { entry: 'dist/index.js', health: { script: 'dist/other.cjs' } } },
      '/runtime/health/script',
    ],
  ])('one that %s is refused', async (_, change, pointer) => {
    const yaml = JSON.stringify({ ...manifest, ...change });
    expect(await listProblems({ 'manifest.json': honest, 'plugin.yaml': yaml })).toEqual([
      ['PRECHECK_MANIFEST_MISMATCH', pointer],
    ]);
  });

  test.each([
    ['that is no YAML', 'id: [', 'PLUGIN_YAML_INVALID'],
    [
      'that says a thing twice',
      `${honest.trim().slice(0, -1)}, "id": "com.example.notes" }`,
      'PLUGIN_YAML_INVALID',
    ],
    ['of another version of YAML', `%YAML 1.1\n---\n${honest}`, 'PLUGIN_YAML_INVALID'],
    ['without the fields of a plugin', 'id: com.example.notes\n', 'PLUGIN_YAML_INVALID'],
  ])('one %s is refused', async (_, yaml, expected) => {
    const problems = await listProblems({ 'manifest.json': honest, 'plugin.yaml': yaml });
    expect(new Set(problems.map(([each]) => each))).toEqual(new Set([expected]));
  });
});

/** The manifest with more text at its start. */
const beginning = (text: string): string => honest.replace('{', `{${text}`);

const AMBIGUOUS: [title: string, text: string][] = [
  ['a key twice', beginning('"id":"com.example.other",')],
  ['a key twice, spelled in two ways', beginning('"\\u0069d":"com.example.other",')],
  ['a key twice, deep inside', honest.replace('"kind"', '"entry":"dist/a.js","kind"')],
  ['a prototype', beginning('"__proto__":{"permissions":["all.of.it"]},')],
  ['a prototype in another spelling', beginning('"\\u005f_proto__":{},')],
  ['a prototype deep inside', beginning('"x-more":{"a":[{"__proto__":1}]},')],
];

describe('JSON that two readers may read differently is refused on both sides', () => {
  test.each(AMBIGUOUS)('in a package: %s', async (_, text) => {
    expect(await listProblems({ 'manifest.json': text })).toEqual([['MANIFEST_INVALID', 'manifest.json']]);
  });

  test.each([
    ['without its line feed', honest.trim()],
    ['with a mark of its byte order', `\ufeff${honest}`],
    ['with keys in another order', `${JSON.stringify(manifest, null, 2)}\n`],
    ['with an escape where none is needed', honest.replace('Notes', '\\u004eotes')],
    ['with a number in another spelling', beginning('\n  "agents": 1.0,')],
    ['with blanks behind it', `${honest} `],
  ])('in a package: a manifest %s', async (_, text) => {
    expect(text).not.toBe(honest);
    expect(await listProblems({ 'manifest.json': text })).toEqual([['MANIFEST_INVALID', 'manifest.json']]);
  });

  describe('on the author’s machine', () => {
    const home = temporaryFolder('cli');

    const precheck = async (files: Record<string, string>) => {
      await createPluginFolder(home, files).catch(() => undefined);
      const { exit, out } = await runCli(['precheck', 'plugin', '--json'], { cwd: home });
      const { errors } = JSON.parse(out) as { errors: { code: string; detail: string }[] };
      return { exit, codes: new Set(errors.map((each) => each.code)), text: JSON.stringify(errors) };
    };

    const own = JSON.parse(pluginFiles()['manifest.json']!) as object;
    const withMore = (text: string): string => JSON.stringify(own, null, 2).replace('{', `{${text}`);

    test.each([
      ['a key twice', '"id":"com.example.other",', /manifest\.json, line 2: has the key \\"id\\" twice/],
      ['a prototype', '"__proto__":{},', /manifest\.json, line 1: has a key that must not be used/],
    ])('%s in manifest.json is told with its line', async (_, text, words) => {
      const told = await precheck({ 'manifest.json': withMore(text) });
      expect([told.exit, told.codes]).toEqual([1, new Set(['MANIFEST_INVALID'])]);
      expect(told.text).toMatch(words);
    });

    test.each<[string, string]>([
      ['800 kB of brackets', '['.repeat(800_000)],
      ['800 kB of braces', '{a: '.repeat(200_000)],
      ['800 kB of dashes', '- '.repeat(400_000)],
      ['aliases that stand for a billion things', bomb()],
      ['an alias that contains itself', 'a: &a [*a, *a]'],
      ['200,000 keys', '{' + '? '.repeat(400_000)],
    ])('%s end with a code, in each file', async (_, text) => {
      const told = await precheck({ 'manifest.json': text, 'plugin.yaml': text, 'publish.yml': text });
      expect(told.exit).toBe(1);
      expect(told.codes).toEqual(new Set(['MANIFEST_INVALID', 'PLUGIN_YAML_INVALID', 'PUBLISH_YML_INVALID']));
      expect(told.text.length).toBeLessThan(50_000);
    });
  });
});

/** Nine anchors, each of which repeats the one before nine times. */
function bomb(): string {
  const names = [...'abcdefghi'];
  const lines = names.map((name, index) => {
    const inner = index === 0 ? 'x' : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array<string>(9).fill(inner).join(', ')}]`;
  });
  return lines.join('\n');
}

describe('the reader of YAML', () => {
  const faults = (text: string): string => {
    const read = readYaml(text);
    return 'faults' in read ? read.faults.map(({ message }) => message).join('; ') : '';
  };

  test.each([
    ['100,000 entries', '- a\n'.repeat(100_000), /more than 50000 tokens/],
    ['a key twice', 'a: 1\na: 2', /has the key "a" twice/],
    ['a number and a text that are one key', '1: a\n"1": b', /has the key "1" twice/],
    ['a list as a key', '[a]: b', /no text/],
    ['a prototype', 'a: { __proto__: { b: 1 } }', /must not be used/],
    ['an alias of nothing', 'a: *b', /alias/],
    ['a NUL', 'a: "\\0"', /not allowed/],
  ])('refuses %s', (_, text, words) => {
    expect(faults(text)).toMatch(words);
  });

  test('takes anchors, blocks and depth as people use them', () => {
    const text = 'a: &a { b: [1, 2] }\nc: *a\nd: |\n  text\n';
    expect(readYaml(text)).toMatchObject({ value: { a: { b: [1, 2] }, c: { b: [1, 2] }, d: 'text\n' } });
    expect(faults(Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'))).toBe('');
  });
});

test('strict JSON reads what JSON.parse reads, where there is one reading', () => {
  for (const text of [
    '[{"a":1},{"a":1}]',
    '{"a":"\\"b\\":{\\"","c":{"a":[]}}',
    '"\\\\"',
    ' 1e3 ',
    '{"":{"":0}}',
  ])
    expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
  for (const text of ['', '{', '{"a"', '[1,]', '"\\', "{'a':1}"])
    expect(parseStrictJson(text)).toMatchObject({ kind: 'syntax' });
});
