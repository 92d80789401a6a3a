import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { programs } from '../../../infra/build/programs';
import { listRestarts } from '../../../infra/dev/restarts';
import { watchSources } from '../../../infra/dev/watch';

const components = [
  'postgres',
  'temporal',
  'objects',
  'codec',
  'api',
  'worker',
  'signer',
  'host-acme',
  'host-globex',
];

test('only what runs new code is started again', () => {
  expect(listRestarts(['dist/api.cjs'], components)).toEqual(['api']);
  expect(listRestarts(['dist/worker.cjs', 'dist/workflows.cjs'], components)).toEqual(['worker']);
  expect(listRestarts(['dist/host.cjs'], components)).toEqual(['host-acme', 'host-globex']);
  expect(listRestarts(['web/dist/index.html', 'dist/host-trial.cjs'], components)).toEqual([]);
});

test('each long-running program belongs to a component that is started again', () => {
  const outputs = programs.map(({ output }) => output);
  const without = outputs.filter((output) => listRestarts([output], components).length === 0);
  expect(without).toEqual(['dist/host-trial.cjs', 'dist/migrate.cjs', 'dist/trust.cjs']);
});

test('files that are saved together are one change, and built pages are none', async () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'spillway-watch-'));
  mkdirSync(path.join(root, 'web/dist'), { recursive: true });
  const ending = new AbortController();
  let changes = 0;
  const first = new Promise<void>((resolve) => {
    watchSources(root, ['web'], async () => void (changes++, resolve()), ending.signal);
  });
  writeFileSync(path.join(root, 'web/dist/index.html'), 'built');
  writeFileSync(path.join(root, 'web/app.tsx'), 'one');
  writeFileSync(path.join(root, 'web/page.tsx'), 'two');
  await first;
  ending.abort();
  rmSync(root, { recursive: true });
  expect(changes).toBe(1);
  expect(existsSync(root)).toBe(false);
});
