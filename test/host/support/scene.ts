import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Host } from '../../../host/host';
import type { BuiltPackage } from '../../../pxp/createPackage';
import type { SigningKey } from '../../../pxp/signing';
import { startMarketplace, type TestMarketplace } from '../../support/fakes/marketplace';
import { PLUGIN } from '../../support/builders/manifest';
import { buildPlugin, type Recipe } from '../../support/builders/plugins';
import { createKey } from '../../support/builders/keys';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/waiting';
import { startHost, type TestHost } from './testHost';

/** What the admin API says of a job. */
export interface JobBody {
  installJobId: string;
  status: string;
  errorCode?: string;
  lines: { type: string; phase?: string; status?: string; ms?: number; at: string }[];
}

/** A marketplace with one publisher and a host of one tenant, new for each test. */
export function useScene(environment: Record<string, string> = {}) {
  let keys: { key: SigningKey; stranger: SigningKey };
  let works: string;
  let folder: string;
  let marketplace: TestMarketplace;
  let running: TestHost;

  beforeAll(async () => {
    keys = { key: await createKey(), stranger: await createKey() };
    works = temporaryFolder('packages');
  });
  afterAll(() => rm(works, { recursive: true, force: true }));
  beforeEach(async () => {
    marketplace = await startMarketplace([keys.key]);
    folder = temporaryFolder('host');
    running = await startHost(marketplace, folder, environment);
  });
  afterEach(async () => {
    await running.stop();
    await marketplace.close();
    await rm(folder, { recursive: true, force: true });
  });

  const build = (recipe: Recipe): Promise<BuiltPackage> => buildPlugin(works, { key: keys.key, ...recipe });
  const reported = (version: string, kind: string) =>
    until(`${version} reported as ${kind}`, () => marketplace.kinds(version).includes(kind));
  const admin: TestHost['admin'] = (...request) => running.admin(...request);

  return {
    get marketplace(): TestMarketplace {
      return marketplace;
    },
    get folder(): string {
      return folder;
    },
    get works(): string {
      return works;
    },
    get stranger(): SigningKey {
      return keys.stranger;
    },
    get host(): Host {
      return running.host;
    },
    get logs(): string[] {
      return running.logs;
    },
    admin,
    build,
    reported,
    stopHost: () => running.stop(),
    startHost: async (more: Record<string, string> = {}) => {
      running = await startHost(marketplace, folder, { ...environment, ...more });
    },
    inFolder: (name: string) => readdir(path.join(folder, name)).catch(() => []),
    inPlugin: (name: string) => readdir(path.join(folder, 'plugins', PLUGIN, name)).catch(() => []),
    /** Makes the plugin's publisher known to the host. */
    async withFirstVersion(): Promise<void> {
      marketplace.offer(await build({ version: '1.0.0' }));
      await reported('1.0.0', 'installed');
    },
    ended: (jobId: string) =>
      until(`the end of job ${jobId}`, async () => {
        const { body } = await admin('GET', `/api/v1/admin/plugins/install/status?jobId=${jobId}`);
        const job = body as JobBody;
        return ['pending', 'installing'].includes(job.status) ? undefined : job;
      }),
    async installFrom(url: string, more: object = {}, address = '/api/v1/admin/plugins/install/url') {
      const { status, body } = await admin('POST', address, { url, pluginId: PLUGIN, ...more });
      return { status, body: body as JobBody & { code?: string } };
    },
  };
}
