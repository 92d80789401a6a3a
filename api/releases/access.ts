import type { Knex } from 'knex';
import { findLatestRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { inPublisher } from '../../adapters/db/transaction';
import { maySeeRelease, type Subject } from '../../core/access';
import { refusal } from '../../core/errors/errors';
import type { AppDependencies } from '../http/dependencies';

/**
 * The newest release of a version, when the caller may see it: a publisher sees its own only.
 *
 * @throws Refusal RELEASE_NOT_FOUND, for what is not there and for what is not theirs alike
 */
export async function findVisibleRelease(
  { db }: Pick<AppDependencies, 'db'>,
  subject: Subject,
  id: string,
): Promise<ReleaseRecord> {
  const versionId = id.startsWith('release:') ? id.slice('release:'.length) : id;
  const found = await readAs(db, subject, (knex) => findLatestRelease(knex, versionId));
  if (!found || !maySeeRelease(subject, found.publisherId))
    throw refusal('RELEASE_NOT_FOUND', `There is no release ${id}.`);
  return found;
}

/**
 * Reads on behalf of a caller. For a publisher the database itself shows no rows but its own, whatever the
 * query says; reviewers and operators see all.
 */
export const readAs = <T>(db: Knex, subject: Subject, read: (knex: Knex) => Promise<T>): Promise<T> =>
  subject.kind === 'publisher' ? inPublisher(db, subject.id, read) : read(db);
