import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DAY } from '../../../core/duration';
import type { ErrorCode } from '../../../core/errors/errors';
import { PLUGIN } from '../../support/builders/manifest';
import { createKey } from '../../support/builders/keys';
import { scripts, tamper } from '../../support/builders/plugins';
import { startMarketplace } from '../../support/fakes/marketplace';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/waiting';
import { useScene } from '../support/scene';
import { activeIn, startHost } from '../support/testHost';

const scene = useScene();

const failures = (version: string) =>
  scene.marketplace.reports.filter((each) => each.version === version && each.kind === 'failed');

const failedList = async (): Promise<unknown> => {
  const state = await readFile(path.join(scene.folder, 'plugins', PLUGIN, 'state.json'), 'utf8');
  return (JSON.parse(state) as { failed: unknown }).failed;
};

const readTroubles = async () => {
  const { body } = await scene.admin('GET', '/api/v1/admin/troubles');
  return (body as { troubles: { code: ErrorCode; next: string }[] }).troubles;
};

test('an old host says so once, and takes the version by itself when it has been updated', async () => {
  await scene.withFirstVersion();
  const requires = { min_core: '2.0.0' };
  scene.marketplace.offer(await scene.build({ version: '1.1.0', manifest: requires }), { requires });
  await scene.reported('1.1.0', 'failed');
  expect(failures('1.1.0')).toMatchObject([{ errorCode: 'HOST_INCOMPATIBLE', activeVersion: '1.0.0' }]);
  // It says so before it fetches anything.
  expect(scene.marketplace.requests.filter((each) => each.includes('1.1.0'))).toEqual([]);
  expect(await failedList()).toEqual([]);
  expect(await readTroubles()).toMatchObject([
    {
      pluginId: PLUGIN,
      version: '1.1.0',
      code: 'HOST_INCOMPATIBLE',
      next: expect.stringContaining('Update'),
    },
  ]);
  await scene.stopHost();
  await scene.startHost({ SPILLWAY_HOST_VERSION: '2.0.0' });
  await scene.reported('1.1.0', 'installed');
  expect(failures('1.1.0')).toHaveLength(1);
  expect(await readTroubles()).toEqual([]);
});

test('damaged bytes are fetched again, later each time, before anybody is told, and say nothing about the version', async () => {
  await scene.withFirstVersion();
  const built = await scene.build({ version: '1.1.0' });
  const damaged = await tamper(built, path.join(scene.works, 'damaged.pxp'));
  let downloads = 0;
  scene.marketplace.route(`/store/${PLUGIN}@1.1.0`, (_request, response) => {
    downloads += 1;
    createReadStream(damaged).pipe(response);
  });
  scene.marketplace.offer(built);
  await scene.reported('1.1.0', 'failed');
  expect(failures('1.1.0')).toMatchObject([{ errorCode: 'DOWNLOAD_CORRUPTED' }]);
  expect(downloads).toBeGreaterThanOrEqual(4);
  expect(await failedList()).toEqual([]);
  scene.marketplace.route(`/store/${PLUGIN}@1.1.0`, (_request, response) => {
    createReadStream(built.path).pipe(response);
  });
  await scene.reported('1.1.0', 'installed');
}, 60_000);

test('whoever answers on the way in the words of the catalogue condemns no version', async () => {
  await scene.withFirstVersion();
  const built = await scene.build({ version: '1.1.0' });
  for (const code of ['HEALTH_CHECK_FAILED', 'HOST_DISK_FULL']) {
    scene.marketplace.route(`/store/${PLUGIN}@1.1.0`, (_request, response) => {
      const problem = JSON.stringify({ code, detail: 'Said by a proxy.' });
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(problem);
    });
    scene.marketplace.offer(built);
    await until('a refusal', () => scene.logs.some((line) => line.includes('"outcome":"deferred"')));
  }
  await scene.host.jobs.idle();
  expect(await failedList()).toEqual([]);
  expect(failures('1.1.0').map(({ errorCode }) => errorCode)).not.toContain('HEALTH_CHECK_FAILED');
});

test('a package above what the host allows is not fetched, and is the policy of the host', async () => {
  await scene.withFirstVersion();
  await scene.stopHost();
  await scene.startHost({ SPILLWAY_MAX_PACKAGE_BYTES: '20000' });
  scene.marketplace.offer(await scene.build({ version: '1.1.0', padding: 50_000 }));
  await scene.reported('1.1.0', 'failed');
  expect(failures('1.1.0')).toMatchObject([{ errorCode: 'HOST_POLICY' }]);
  expect(scene.marketplace.requests.filter((each) => each.includes('1.1.0'))).toEqual([]);
});

test('a host whose clock is 2 days behind says that, and not that the signature is false', async () => {
  const ahead = 2 * DAY;
  const key = await createKey(new Date(Date.now() + ahead));
  const marketplace = await startMarketplace([key]);
  const folder = temporaryFolder('late-host');
  const keys = `/api/marketplace/publishers/example/keys`;
  const asked = marketplace.requests;
  marketplace.setClock(ahead);
  const running = await startHost(marketplace, folder);
  marketplace.offer(await scene.build({ version: '1.0.0', key }));
  await until('the report', () => marketplace.kinds('1.0.0').includes('failed'));
  expect(marketplace.reports).toMatchObject([
    { errorCode: 'HOST_CLOCK', detail: expect.stringMatching(/^This machine's clock is 2 days behind\./) },
  ]);
  expect(asked.some((each) => each.includes(keys))).toBe(true);
  const ready = (await (await fetch(`${running.url}/readyz`)).json()) as object;
  expect(ready).toMatchObject({
    ready: true,
    components: {
      clock: { detail: "This machine's clock is 2 days behind." },
      versions: { detail: 'HOST_CLOCK' },
    },
  });
  await running.stop();
  await marketplace.close();
});

test('a key that was made within a day by a clock that is ahead is believed', async () => {
  const key = await createKey(new Date(Date.now() + DAY / 2));
  const marketplace = await startMarketplace([key]);
  const folder = temporaryFolder('early-key');
  const running = await startHost(marketplace, folder);
  marketplace.offer(await scene.build({ version: '1.0.0', key }));
  await until('the report', () => marketplace.kinds('1.0.0').includes('installed'));
  expect(await activeIn(folder)).toBe('1.0.0');
  await running.stop();
  await marketplace.close();
});

test('a health check that ends by a special status or a signal is the version’s failure, and is remembered', async () => {
  await scene.withFirstVersion();
  const ends = ['process.exit(28);', 'process.kill(process.pid, "SIGSEGV");', scripts.broken];
  for (const [index, health] of ends.entries()) {
    const version = `1.1.${index}`;
    scene.marketplace.offer(await scene.build({ version, health }));
    await scene.reported(version, 'rolled_back');
    expect(failures(version)).toMatchObject([{ errorCode: 'HEALTH_CHECK_FAILED' }]);
  }
  expect(await failedList()).toEqual(['1.1.0', '1.1.1', '1.1.2']);
});
