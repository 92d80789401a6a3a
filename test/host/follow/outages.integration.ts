import { createReadStream } from 'node:fs';
import { PLUGIN } from '../../support/builders/manifest';
import { scripts } from '../../support/builders/plugins';
import { useScene } from '../support/scene';
import { until } from '../../support/waiting';

const scene = useScene();

test('reports wait in the outbox while the marketplace is down, and arrive once', async () => {
  scene.marketplace.offer(await scene.build({ version: '1.0.0', health: scripts.slow(800) }));
  await until('a job under way', () => scene.host.jobs.isBusy(PLUGIN));
  await until('a request for keys', () => scene.marketplace.requests.some((each) => each.includes('/keys')));
  scene.marketplace.setDown(true);
  await until('a report kept', async () => (await scene.inFolder('outbox')).length === 1);
  await scene.stopHost();
  scene.marketplace.setDown(false);
  await scene.startHost();
  await scene.reported('1.0.0', 'installed');
  expect(scene.marketplace.reports).toHaveLength(1);
});

test("an outage of the object store is nobody's fault: the version is installed later", async () => {
  const built = await scene.build({ version: '1.0.0' });
  let failures = 0;
  scene.marketplace.route(`/store/${PLUGIN}@1.0.0`, (_request, response) => {
    failures += 1;
    if (failures < 3) return void response.writeHead(503).end();
    scene.marketplace.route(
      `/store/${PLUGIN}@1.0.0`,
      (_again, second) => void second.writeHead(302, { location: '/store/copy' }).end(),
    );
    response.writeHead(503).end();
  });
  scene.marketplace.offer(built);
  scene.marketplace.offer(built, { pluginId: 'copy', version: '1.0.0', channel: 'beta' });
  scene.marketplace.route('/store/copy', (_request, response) => {
    createReadStream(built.path).pipe(response);
  });
  await scene.reported('1.0.0', 'installed');
  expect(failures).toBe(3);
  expect(scene.marketplace.kinds('1.0.0')).toEqual(['installed']);
});
