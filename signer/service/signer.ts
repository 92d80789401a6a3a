import type { Knex } from 'knex';
import { readChanges, readFeedRevision } from '../../adapters/db/distribution/stated';
import { readOnlineKeys, type OnlineKeys } from '../ceremony';
import type { Lifetimes } from '../roles';
import { signRows } from './pass';

export interface SignerDeps {
  db: Knex;
  /** The folder with keys and roots. */
  keys: string;
  lifetimes: Lifetimes;
  checkMs: number;
  now: () => Date;
}

export interface Signer {
  /**
   * Signs what has changed since the last look, and everything that ages when it is time for that.
   *
   * @returns the names of the files that are new; undefined while another signer has its turn
   * @throws Refusal TRUST_KEY_UNUSABLE; nothing is signed then
   */
  look(): Promise<string[] | undefined>;
}

/**
 * Follows the rows. The feed says which plugins have changed; a full check finds what it does not say, and is the first
 * thing that a signer does. Nothing is kept but how far the feed was read: what is signed is in the database.
 */
export function createSigner({ db, keys, lifetimes, checkMs, now }: SignerDeps): Signer {
  let revision = 0;
  let checkedAt: number | undefined;
  let online: OnlineKeys | undefined;

  async function check(at: Date): Promise<string[] | undefined> {
    const reached = await readFeedRevision(db);
    // A lower number than was read before: the database was restored to an earlier state.
    const isRenewal = checkedAt === undefined || reached < revision;
    online = await readOnlineKeys(keys);
    const signed = await signRows(db, { online, lifetimes, pluginIds: 'all', isRenewal, now: at });
    if (!signed) return undefined;
    revision = reached;
    checkedAt = at.getTime();
    return signed;
  }

  return {
    async look() {
      const at = now();
      const isDue = checkedAt === undefined || Math.abs(at.getTime() - checkedAt) >= checkMs;
      if (isDue || !online) return check(at);
      const changes = await readChanges(db, revision);
      if (changes.pluginIds.length === 0) return [];
      const { pluginIds } = changes;
      const signed = await signRows(db, { online, lifetimes, pluginIds, isRenewal: false, now: at });
      if (signed) revision = changes.revision;
      return signed;
    },
  };
}
