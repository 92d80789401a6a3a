import type { Knex } from 'knex';
import type { ReleaseRecord } from '../../../adapters/db/releases/record';
import { recordVerified } from '../../../adapters/db/releases/releases';
import { changeState } from '../../../adapters/db/releases/transitions';
import { describeVerifiedUpload } from '../../../core/releases/timeline';
import { origin, TODAY } from './submission';

/** What the activities write when the package of a release has arrived and is the announced one. */
export async function completeUpload(knex: Knex, release: ReleaseRecord): Promise<void> {
  const { releaseId, packageBytes: bytes, signedBy } = release;
  const entry = describeVerifiedUpload({ files: 1, bytes, fingerprint: signedBy ?? '' });
  await recordVerified(knex, release, { entry, reserved: [] }, TODAY);
  await changeState(knex, { ...origin, releaseId, from: 'uploading', to: 'scanning' }, TODAY);
}
