import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { createSigner, type Signer } from '../../../signer/service/signer';
import { holdCeremony, type TrustFolders } from '../../../signer/ceremony';
import { defaultLifetimes } from '../../../signer/roles';
import { openTrust, type Trust } from '../../../host/trust/trust';
import { MINUTE } from '../../../core/duration';
import { temporaryFolder } from '../../support/temporaryFolder';

/** A signer over a database, after a real ceremony, at a time that a test sets. */
export interface SigningScene {
  folders: TrustFolders;
  clock: { now: Date };
  signer: Signer;
  another(): Signer;
  /** A host that has pinned the first root and never read anything. */
  openHost(url: string): Promise<Trust>;
}

export async function openSigning(db: Knex): Promise<SigningScene> {
  const folder = temporaryFolder('signing');
  const folders = { offline: path.join(folder, 'offline'), online: path.join(folder, 'online') };
  const clock = { now: new Date() };
  await holdCeremony(folders, { rootKeys: 1, threshold: 1 }, clock.now);
  const another = () =>
    createSigner({
      ...{ db, keys: folders.online, lifetimes: defaultLifetimes, checkMs: MINUTE },
      now: () => clock.now,
    });
  let hosts = 0;
  return {
    ...{ folders, clock, signer: another(), another },
    async openHost(url) {
      const own = temporaryFolder(`host-${(hosts += 1)}`);
      return openTrust({
        url,
        pinnedRoot: await readFile(path.join(folders.online, 'root', '1.root.json'), 'utf8'),
        file: path.join(own, 'trust.json'),
        staging: own,
        authorization: () => undefined,
        deadlineMs: 5_000,
        now: () => clock.now,
      });
    },
  };
}
