import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../../core/errors/errors';
import { toOffers } from '../../../host/trust/entries';
import { openTrust, type Trust } from '../../../host/trust/trust';
import { PLUGIN } from '../../support/builders/manifest';
import {
  startTrustRepository,
  TENANT_KEY,
  type TrustRepository,
} from '../../support/builders/trustRepository';
import { temporaryFolder } from '../../support/temporaryFolder';

export const tenant = { tenantId: 'acme', tenantKey: TENANT_KEY };

/** A signed repository and what one host knows of it, new for each test. */
export function useTrustScene() {
  let repository: TrustRepository;
  let folder: string;
  const scene = {
    /** The host's clock. */
    clock: new Date(),
    get repository(): TrustRepository {
      return repository;
    },
    get folder(): string {
      return folder;
    },
    open: (over: { pinnedRoot?: string; deadlineMs?: number } = {}): Promise<Trust> =>
      openTrust({
        url: repository.url,
        pinnedRoot: repository.pinnedRoot,
        file: path.join(folder, 'trust.json'),
        staging: path.join(folder, 'staging'),
        authorization: () => undefined,
        deadlineMs: 5_000,
        now: () => scene.clock,
        ...over,
      }),
    soon: (seconds: number) => new Date(scene.clock.getTime() + seconds * 1000),
    /** The newest file whose name has that part. */
    nameOf: (part: string): string =>
      [...repository.files.keys()].filter((name) => name.includes(part)).at(-1) ?? '',
    /** A file of the repository changed by somebody without its key. */
    tamper(name: string, from: string, to: string): void {
      const body = repository.files.get(name) ?? '';
      expect(body).toContain(from);
      repository.files.set(name, body.replaceAll(from, to));
    },
  };
  beforeEach(async () => {
    repository = await startTrustRepository();
    folder = temporaryFolder('host-trust');
    await mkdir(path.join(folder, 'staging'), { recursive: true });
    scene.clock = new Date();
  });
  afterEach(() => repository.close());
  return scene;
}

/** "verified", or the code with which the update was refused. */
export async function outcome(trust: Trust, ids: 'all' | readonly string[] = [PLUGIN]): Promise<string> {
  try {
    await trust.refresh(ids);
    return 'verified';
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
}

/** What is known about the plugin, as "version state". */
export const versions = (trust: Trust): string[] =>
  (trust.releases()[PLUGIN]?.versions ?? []).map(({ version, state }) => `${version} ${state}`);

/** Versions that the host would install now. */
export const offered = (trust: Trust): string[] =>
  Object.values(toOffers(trust.releases(), {}, tenant, trust.isFresh()))
    .filter(({ kind, rule }) => kind === 'offer' && rule.basisPoints > 0)
    .map(({ version }) => version);
