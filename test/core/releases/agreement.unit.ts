import { compareDescriptions } from '../../../core/releases/agreement';

const manifest = {
  id: 'com.example.notes',
  name: 'Notes',
  version: '1.2.3',
  permissions: ['b.read', 'a.read'],
  runtime: { entry: 'dist/index.js', health: { script: 'dist/health.cjs' } },
};

test('equal descriptions agree, in whatever order their permissions stand', () => {
  expect(compareDescriptions(manifest, { ...manifest, permissions: ['a.read', 'b.read'] })).toEqual([]);
});

test('every field that differs is named with both of its values', () => {
  const other = { id: 'x', version: '2.0.0', permissions: [], runtime: { entry: 'dist/a.js' } };
  expect(compareDescriptions(manifest, other)).toEqual(
    [
      ['/id', 'id is "com.example.notes" in manifest.json and "x" in plugin.yaml.'],
      ['/name', 'name is "Notes" in manifest.json and "" in plugin.yaml.'],
      ['/version', 'version is "1.2.3" in manifest.json and "2.0.0" in plugin.yaml.'],
      ['/permissions', 'permissions is "a.read, b.read" in manifest.json and "(none)" in plugin.yaml.'],
      ['/runtime/entry', 'runtime.entry is "dist/index.js" in manifest.json and "dist/a.js" in plugin.yaml.'],
      [
        '/runtime/health/script',
        'runtime.health.script is "dist/health.cjs" in manifest.json and "(none)" in plugin.yaml.',
      ],
    ].map(([pointer, detail]) => ({ code: 'PRECHECK_MANIFEST_MISMATCH', detail, pointer })),
  );
});

test('what neither file says is no difference, and what one of them alone says is one', () => {
  const silent = { id: 'x', version: '1.0.0', permissions: [], runtime: { entry: 'dist/a.js' } };
  expect(compareDescriptions(silent, { ...silent })).toEqual([]);
  const named = { ...silent, name: 'X', permissions: ['a.read'] };
  expect(compareDescriptions(silent, named).map(({ detail }) => detail)).toEqual([
    'name is "" in manifest.json and "X" in plugin.yaml.',
    'permissions is "(none)" in manifest.json and "a.read" in plugin.yaml.',
  ]);
});

test('comparing changes neither description', () => {
  const given = structuredClone(manifest);
  compareDescriptions(given, given);
  expect(given).toEqual(manifest);
});
