import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FeedEntry } from '../../contracts/rollouts/feed';
import { hostLayout } from '../../host/disk/layout';
import { until } from '../support/waiting';
import { useScene } from '../host/support/scene';

const scene = useScene({ SPILLWAY_SUBSCRIPTIONS: '*' });
const asked = (): number => scene.marketplace.requests.filter((each) => each === 'GET /api/v1/feed').length;

/** What lies beside and above the host's folder, where an id of dots would lead. */
const around = async () => ({
  beside: (await readdir(path.dirname(scene.folder))).filter((name) => name === 'escaped'),
  above: existsSync(path.join(scene.folder, '../../escaped')),
  plugins: await scene.inFolder('plugins'),
});

test.each<[string, Partial<FeedEntry>]>([
  ['an id', { pluginId: '../../../escaped' }],
  ['an id that is dots alone', { pluginId: '..' }],
  ['an absolute id', { pluginId: '/tmp/escaped' }],
  ['a version', { version: '../../../../escaped' }],
  ['the version to return to', { previousVersion: '../../escaped' }],
])('%s of the feed that leads out of the host folder is refused before any path is made', async (_, over) => {
  const before = asked();
  scene.marketplace.offer(await scene.build({ version: '1.0.0' }), over);
  await until('another look at the feed', () => asked() > before + 1);
  await scene.host.jobs.idle();
  expect(await around()).toEqual({ beside: [], above: false, plugins: [] });
  expect(await scene.inFolder('jobs')).toEqual([]);
});

test('a version id that is not made of the id and the version is refused', async () => {
  const before = asked();
  scene.marketplace.offer(await scene.build({ version: '1.0.0' }), { versionId: 'com.example.other@1.0.0' });
  await until('another look at the feed', () => asked() > before + 1);
  expect(scene.host.offers()).toEqual({});
});

test('no path of a plugin or a version leaves the folder, whoever asks for it', () => {
  const layout = hostLayout('/data');
  for (const id of ['../../../x', '..', '.', '', 'a/b', 'a\\b', '/x', 'a\0b', 'com.example.notes/..']) {
    expect(() => layout.plugin(id)).toThrow();
  }
  for (const version of ['../x', '..', '', '1.0.0/../..', '1.0', '/1.0.0']) {
    expect(() => layout.plugin('com.example.notes').version(version)).toThrow();
  }
});

test('a feed that always says that there is more is read once and not for ever', async () => {
  scene.marketplace.route('/api/v1/feed', (_, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ entries: [], next: 0, more: true, pollAfterSeconds: 900 }));
  });
  await until('a feed that is read', () => scene.host.state().feed === 'ok');
  const before = asked();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(asked() - before).toBeLessThan(5);
});
