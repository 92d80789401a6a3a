import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SigningKey } from '../../../pxp/signing';
import { createKey } from '../../support/builders/keys';
import { buildPlugin } from '../../support/builders/plugins';
import { startMarketplace, type TestMarketplace } from '../../support/fakes/marketplace';
import { temporaryFolder } from '../../support/temporaryFolder';
import { eventually, until } from '../../support/waiting';
import { removeBundle } from '../support/process';
import { startOnSmallDisk, type HostOnSmallDisk } from '../support/smallDisk';
import { activeIn } from '../support/testHost';

const mountPoint = temporaryFolder('small-disk');
const works = temporaryFolder('packages');

let key: SigningKey;
let marketplace: TestMarketplace;
let host: HostOnSmallDisk;

beforeAll(async () => {
  key = await createKey();
  marketplace = await startMarketplace([key]);
  const env = { SPILLWAY_MIN_FREE_BYTES: '4000000' };
  host = await startOnSmallDisk(marketplace, mountPoint, { megabytes: 24, env });
});
afterAll(async () => {
  await host.kill();
  await marketplace.close();
  removeBundle();
  rmSync(works, { recursive: true, force: true });
});

const offer = async (version: string) => marketplace.offer(await buildPlugin(works, { key, version }));
const reported = (version: string, kind: string) =>
  until(`${version} reported as ${kind}`, () => marketplace.kinds(version).includes(kind));
const readReadiness = () => host.admin('GET', '/readyz');
const becomesReady = () =>
  eventually('a ready host', async () => expect(await readReadiness()).toMatchObject({ status: 200 }));
const becomesUnready = (components: object) =>
  eventually('an unready host', async () =>
    expect(await readReadiness()).toMatchObject({ status: 503, body: { components } }),
  );

test('a host on a full and then on a read-only disk misses no withdrawal and no offer, and says meanwhile that it cannot write', async () => {
  await offer('1.0.0');
  await reported('1.0.0', 'installed');
  await offer('1.1.0');
  await reported('1.1.0', 'installed');
  await becomesReady();

  host.fill();
  marketplace.withdraw('1.1.0', '1.0.0');
  await becomesUnready({ feed: { ready: false }, disk: { ready: false, detail: '0 MB free, 4 MB wanted' } });
  await sleep(2_000);
  expect(await activeIn(host.folder)).toBe('1.1.0');
  host.makeRoom();
  await reported('1.1.0', 'rolled_back');
  expect(await activeIn(host.folder)).toBe('1.0.0');
  await becomesReady();

  host.setWritable(false);
  await offer('1.2.0');
  await becomesUnready({ feed: { ready: false, detail: expect.stringContaining('HOST_STORAGE') } });
  host.setWritable(true);
  await reported('1.2.0', 'installed');
  expect(await activeIn(host.folder)).toBe('1.2.0');
  expect(marketplace.kinds('1.2.0')).toEqual(['installed']);
  await becomesReady();
});
