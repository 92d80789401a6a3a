import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SignedVersion } from '../../../contracts/distribution/releases';
import { DAY } from '../../../core/duration';
import type { BuiltPackage } from '../../../pxp/createPackage';
import { temporaryFolder } from '../../support/temporaryFolder';
import {
  signedReleases,
  signedVersion,
  startTrustRepository,
  TENANT_KEY,
  type TrustRepository,
} from '../../support/builders/trustRepository';
import { PLUGIN } from '../../support/builders/manifest';
import { nameTenant } from '../../../host/trust/entries';
import { until } from '../../support/waiting';
import { activeIn } from '../support/testHost';
import { useScene } from '../support/scene';

const environment: Record<string, string> = { SPILLWAY_TRUST_UNSIGNED: '0', SPILLWAY_TENANT_KEY: TENANT_KEY };
let repository: TrustRepository;

beforeEach(async () => {
  repository = await startTrustRepository();
  await repository.publish([]);
  const root = path.join(temporaryFolder('pinned'), 'root.json');
  writeFileSync(root, repository.pinnedRoot);
  Object.assign(environment, { SPILLWAY_TRUST_ROOT: root, SPILLWAY_TRUST_URL: repository.url });
});
const scene = useScene(environment);
afterEach(() => repository.close());

const state = (built: BuiltPackage, version: string, over: Partial<SignedVersion> = {}): SignedVersion =>
  signedVersion({
    version,
    package: { sha256: built.sha256, bytes: built.bytes, manifestDigest: built.manifestDigest },
    ...over,
  });
const signedFor = (key: string, versions: SignedVersion[]) =>
  repository.publish([signedReleases(versions, { keys: [key] })]);
const keyOf = async (): Promise<string> => {
  const { keys } = (await (
    await fetch(`${scene.marketplace.url}/api/marketplace/publishers/example/keys`, {
      headers: { authorization: `Bearer ${scene.marketplace.token}` },
    })
  ).json()) as { keys: { fingerprint: string }[] };
  return keys[0]?.fingerprint ?? '';
};
/** A few looks at the feed, which the test's marketplace asks for ten times a second. */
const looks = async (): Promise<void> => {
  const count = () => scene.marketplace.requests.filter((each) => each === 'GET /api/v1/feed').length;
  const before = count();
  await until('more looks at the feed', () => count() > before + 3);
  await scene.host.jobs.idle();
};

test('a host with a pinned root installs what is signed, keeps what a feed alone withdraws, and leaves what is withdrawn by signature', async () => {
  const key = await keyOf();
  const [first, second] = [await scene.build({ version: '1.0.0' }), await scene.build({ version: '1.0.1' })];
  scene.marketplace.offer(first);
  await looks();
  expect(await activeIn(scene.folder)).toBeNull();
  await signedFor(key, [state(first, '1.0.0')]);
  await scene.reported('1.0.0', 'installed');
  scene.marketplace.offer(second);
  const both = [state(first, '1.0.0'), state(second, '1.0.1', { previousVersion: '1.0.0', revision: 2 })];
  await signedFor(key, both);
  await scene.reported('1.0.1', 'installed');
  scene.marketplace.withdraw('1.0.1', '1.0.0');
  await looks();
  expect(await activeIn(scene.folder)).toBe('1.0.1');
  await signedFor(key, [both[0]!, { ...both[1]!, state: 'withdrawn', revision: 3 }]);
  await scene.reported('1.0.1', 'rolled_back');
  expect(await activeIn(scene.folder)).toBe('1.0.0');
});

test('a package whose key is not signed for the publisher is not installed, and is no failure of the version', async () => {
  const built = await scene.build({ version: '1.0.0' });
  scene.marketplace.offer(built);
  await signedFor('B'.repeat(40), [state(built, '1.0.0')]);
  await until('the refusal in the log', () => scene.logs.some((line) => line.includes('NOT_ENDORSED')));
  await scene.host.jobs.idle();
  expect(await activeIn(scene.folder)).toBeNull();
  await signedFor(await keyOf(), [state(built, '1.0.0')]);
  await scene.reported('1.0.0', 'installed');
  expect(
    scene.marketplace.reports.filter(
      ({ kind, errorCode }) => kind === 'failed' && errorCode !== 'NOT_ENDORSED',
    ),
  ).toEqual([]);
});

test('a mirror that sends other bytes once does not keep a signed version away', async () => {
  const built = await scene.build({ version: '1.0.0' });
  const other = await scene.build({ version: '1.0.9' });
  scene.marketplace.offer(built, { file: other.path });
  await signedFor(await keyOf(), [state(built, '1.0.0')]);
  await until('the deferred installation', () =>
    scene.logs.some((line) => line.includes('"outcome":"deferred"')),
  );
  scene.marketplace.offer(built);
  await scene.reported('1.0.0', 'installed');
  expect(scene.marketplace.kinds('1.0.0')).toEqual(['installed']);
});

test('a signed rule reaches the tenant that it names by its key, and names it to nobody else', async () => {
  const built = await scene.build({ version: '1.0.0' });
  scene.marketplace.offer(built);
  const rule = { salt: 's', basisPoints: 1, allow: [nameTenant('s', TENANT_KEY)], deny: [] };
  await signedFor(await keyOf(), [state(built, '1.0.0', { rule })]);
  await scene.reported('1.0.0', 'installed');
  const statement = [...repository.files].find(([name]) => name.endsWith(`.${PLUGIN}`))?.[1];
  expect(statement).not.toContain('acme');
});

test('a host that finds everything signed expired because its own clock is wrong says so to its tenant', async () => {
  const built = await scene.build({ version: '1.0.0' });
  // By the marketplace's clock it is two days earlier, and what it signed then has expired here.
  scene.marketplace.setClock(-2 * DAY);
  await repository.publish(
    [signedReleases([state(built, '1.0.0')], { keys: [await keyOf()] })],
    new Date(Date.now() - 2 * DAY),
  );
  scene.marketplace.offer(built);
  await scene.reported('1.0.0', 'failed');
  expect(scene.marketplace.reports).toMatchObject([
    { errorCode: 'HOST_CLOCK', detail: expect.stringContaining("This machine's clock is 2 days ahead.") },
  ]);
  scene.marketplace.setClock(0);
  await signedFor(await keyOf(), [state(built, '1.0.0')]);
  await scene.reported('1.0.0', 'installed');
  expect(scene.marketplace.kinds('1.0.0')).toEqual(['failed', 'installed']);
});
