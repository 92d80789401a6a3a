import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import type { SignedVersion } from '../../contracts/distribution/releases';
import type { BuiltPackage } from '../../pxp/createPackage';
import type { SigningKey } from '../../pxp/signing';
import { removeBundle, startProcess, type HostProcess } from '../host/support/process';
import { activeIn } from '../host/support/testHost';
import { createKey } from '../support/builders/keys';
import { PLUGIN } from '../support/builders/manifest';
import { buildPlugin } from '../support/builders/plugins';
import {
  signedReleases,
  signedVersion,
  startTrustRepository,
  TENANT_KEY,
  type TrustRepository,
} from '../support/builders/trustRepository';
import { startMarketplace, type TestMarketplace } from '../support/fakes/marketplace';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/waiting';
import { startManInTheMiddle, type ManInTheMiddle, type Meddling } from './support/manInTheMiddle';

/** Whoever sits between a host and its marketplace, and wants another package on it, or none. */
const works = temporaryFolder('packages');
const folder = temporaryFolder('host');
let key: SigningKey;
let marketplace: TestMarketplace;
let repository: TrustRepository;
let middle: ManInTheMiddle;
let host: HostProcess;
/** What the host runs, and what is signed of the plugin. */
const signed: SignedVersion[] = [];
/** The metadata of the beginning, which somebody kept. */
let old: Map<string, string>;
/** A package that nobody signed in the marketplace's name, though its own signature is good. */
let evil: BuiltPackage;

/** Builds, signs and offers a version. */
async function release(version: string): Promise<void> {
  const built = await buildPlugin(works, { key, version });
  const previousVersion = signed.at(-1)?.version ?? null;
  const { revision } = marketplace.offer(built, { previousVersion });
  const { sha256, bytes, manifestDigest } = built;
  signed.push(
    signedVersion({ version, revision, previousVersion, package: { sha256, bytes, manifestDigest } }),
  );
  await repository.publish([signedReleases([...signed], { keys: [key.fingerprint] })]);
}

const untilActive = (version: string) =>
  until(`${version} active`, async () => (await activeIn(folder)) === version);

const isFeed = (address: string) => address.startsWith('/api/v1/feed');
const flip = (body: Buffer): Buffer => {
  const flipped = Buffer.from(body);
  flipped[Math.floor(body.length / 2)]! ^= 1;
  return flipped;
};

interface Attack {
  how: Meddling;
  /** False where what is signed reaches the host all the same. */
  hinders?: false;
}

const attacks: Record<string, Attack> = {
  'a bit of each package turned': {
    how: ({ path: address, body }) => (address.startsWith('/store/') ? flip(body) : body),
  },
  'another package in the place of each': {
    how: ({ path: address, body }) => (address.startsWith('/store/') ? readFileSync(evil.path) : body),
  },
  'a feed that offers what nobody signed': {
    hinders: false,
    how: ({ path: address, status, body }) => {
      if (!isFeed(address) || status !== 200) return body;
      const page = JSON.parse(String(body)) as { entries: { version: string; versionId: string }[] };
      const forged = page.entries.map((entry) => ({
        ...{ ...entry, version: '9.9.9', versionId: `${PLUGIN}@9.9.9` },
        package: { sha256: evil.sha256, bytes: evil.bytes, manifestDigest: evil.manifestDigest },
      }));
      return Buffer.from(JSON.stringify({ ...page, entries: forged }));
    },
  },
  'signed statements of another hand': {
    how: ({ path: address, status, body }) =>
      address.startsWith('/api/trust/') && status === 200 ? flip(body) : body,
  },
  'the signed statements of the beginning for ever': {
    how: ({ path: address, body }) => {
      const name = decodeURIComponent(address.replace('/api/trust/', ''));
      return address.startsWith('/api/trust/') ? Buffer.from(old.get(name) ?? body) : body;
    },
  },
  'each connection cut in the middle': { how: () => 'cut' },
};

describe('somebody between a host and its marketplace', () => {
  beforeAll(async () => {
    key = await createKey();
    marketplace = await startMarketplace([key]);
    repository = await startTrustRepository();
    middle = await startManInTheMiddle({ marketplace: marketplace.url, trust: repository.url });
    evil = await buildPlugin(works, { key, version: '9.9.9' });
    await release('1.0.0');
    old = new Map(repository.files);
    const root = path.join(works, 'root.json');
    writeFileSync(root, repository.pinnedRoot);
    const env = {
      ...{ SPILLWAY_TRUST_UNSIGNED: '0', SPILLWAY_TENANT_KEY: TENANT_KEY, SPILLWAY_TRUST_ROOT: root },
      SPILLWAY_API_URL: middle.url,
    };
    host = await startProcess(marketplace, folder, { env });
    await untilActive('1.0.0');
  });
  afterAll(async () => {
    await host.kill();
    await Promise.all([middle.close(), marketplace.close(), repository.close()]);
    removeBundle();
  });

  test.each(Object.entries(attacks))(
    'who answers in the way with %s gets nothing else installed, and the host goes on when the way is free',
    async (_name, { how, hinders = true }) => {
      const before = signed.at(-1)!.version;
      const after = before.replace(/\d+$/, (patch) => String(Number(patch) + 1));
      middle.meddle(how);
      await release(after);
      await until('a meddled answer', () => middle.meddled() > 2);
      await sleep(1_500);
      if (hinders) expect(await activeIn(folder)).toBe(before);
      else await untilActive(after);
      expect((await host.admin('GET', '/healthz')).status).toBe(200);
      middle.meddle(undefined);
      await untilActive(after);
      expect(marketplace.reports.filter(({ version }) => version === '9.9.9')).toEqual([]);
      expect(host.output()).not.toContain('"version":"9.9.9","outcome":"success"');
    },
  );
});
