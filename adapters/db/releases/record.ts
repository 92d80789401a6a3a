import type { Knex } from 'knex';
import { refusal } from '../../../core/errors/errors';
import type { JoinedRow } from '../joins';

const columns = {
  releaseId: 'releases.id',
  versionId: 'releases.version_id',
  publishId: 'releases.publish_id',
  pluginId: 'versions.plugin_id',
  version: 'versions.version',
  channel: 'versions.channel',
  publisherId: 'releases.publisher_id',
  publishRequestId: 'releases.publish_request_id',
  submissionDigest: 'releases.submission_digest',
  state: 'releases.state',
  submission: 'releases.submission',
  withdrawAskedAt: 'releases.withdraw_asked_at',
  submittedBy: 'releases.submitted_by',
  submittedAt: 'releases.submitted_at',
  uploadDeadline: 'releases.upload_deadline',
  listedAt: 'versions.listed_at',
  withdrawnAt: 'versions.withdrawn_at',
  manifest: 'versions.manifest',
  packageSha256: 'versions.package_sha256',
  packageBytes: 'versions.package_bytes',
  manifestDigest: 'versions.manifest_digest',
  signedBy: 'versions.signed_by',
  objectKey: 'versions.object_key',
  parts: 'releases.parts',
  rolloutInput: 'releases.rollout_input',
  receipt: 'releases.receipt',
  verifiedSha256: 'releases.verified_sha256',
  plan: 'releases.plan',
  salt: 'releases.rollout_salt',
  previousVersion: 'releases.previous_version',
  owner: 'plugins.publisher_id',
  reservedUntil: 'plugins.reserved_until',
  ownedSince: 'plugins.verified_at',
} as const;

/** A release together with the version that it is about, and whose the plugin is now. Digests are lower-case hex. */
export type ReleaseRecord = JoinedRow<typeof columns>;

const joined = (knex: Knex) =>
  knex('releases')
    .join('versions', 'versions.id', 'releases.version_id')
    .join('plugins', 'plugins.id', 'versions.plugin_id')
    .select(columns);

/** The release of that id. @throws Refusal RELEASE_NOT_FOUND */
export async function readRelease(knex: Knex, releaseId: string): Promise<ReleaseRecord> {
  const found: ReleaseRecord | undefined = await joined(knex).where('releases.id', releaseId).first();
  if (!found) throw refusal('RELEASE_NOT_FOUND', `There is no release ${releaseId}.`);
  return found;
}

/** The newest submission of a version, if it was ever submitted. */
export async function findLatestRelease(knex: Knex, versionId: string): Promise<ReleaseRecord | undefined> {
  const newestFirst = joined(knex).where('releases.version_id', versionId).orderBy('submission', 'desc');
  return newestFirst.first();
}
