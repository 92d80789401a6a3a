import { findLatestRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { maySeeRelease, type Subject } from '../../core/access';
import type { AppDependencies } from '../http/dependencies';
import { noRelease } from '../http/faults';

/**
 * The newest release of a version, when the caller may see it: a publisher sees its own only.
 *
 * @throws Refusal RELEASE_NOT_FOUND, for what is not there and for what is not theirs alike
 */
export async function visibleRelease(
  { db }: Pick<AppDependencies, 'db'>,
  subject: Subject,
  id: string,
): Promise<ReleaseRecord> {
  const versionId = id.startsWith('release:') ? id.slice('release:'.length) : id;
  const found = await findLatestRelease(db, versionId);
  if (!found || !maySeeRelease(subject, found.publisherId)) throw noRelease(id);
  return found;
}
