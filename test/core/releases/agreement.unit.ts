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
