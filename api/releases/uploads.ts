import type { ReleaseRecord } from '../../adapters/db/releases/record';
import { writeUploadAbort } from '../../adapters/db/releases/uploadAborts';
import type { FinalisedUpload } from '../../contracts/releases/release';
import type { UploadPartInput, UploadPlan } from '../../contracts/releases/publish';
import type { Origin } from '../../contracts/audit/origin';
import { Refusal, refusal } from '../../core/errors/errors';
import { partKey, partPrefix } from '../../core/ids';
import { isTerminal } from '../../core/releases/state';
import { endOfPartAddress } from '../../core/releases/uploadQuota';
import type { RouteDependencies } from '../http/dependencies';
import { findVisibleRelease } from './access';
import { abortReleaseUpload, finaliseRelease } from './workflow';
import type { Subject } from '../../core/access';

/** Every part of a release's upload; each that is missing with a signed request for exactly its bytes. */
export async function readUploadPlan(deps: RouteDependencies, release: ReleaseRecord): Promise<UploadPlan> {
  refuseEnded(release);
  const { versionId, state, uploadDeadline } = release;
  const expiresAt = endOfPartAddress(uploadDeadline, deps.settings.uploadUrlLifetimeMs, deps.now());
  if (state === 'uploading' && expiresAt <= deps.now()) throw refuseLate(versionId);
  const stored = state === 'uploading' ? await storedParts(deps, release) : undefined;
  const parts = release.parts.map(async (part) => {
    const { number, bytes, sha256 } = part;
    const listed = { number, bytes, sha256 };
    // Once the upload is closed its parts are joined and gone: all of them were there.
    if (!stored || stored.get(partKey(release.releaseId, part)) === bytes)
      return { ...listed, present: true };
    return { ...listed, present: false, put: await signPart(deps, release, part, expiresAt) };
  });
  return { versionId, state, expiresAt: expiresAt.toISOString(), parts: await Promise.all(parts) };
}

async function storedParts({ objects }: RouteDependencies, { releaseId }: ReleaseRecord) {
  const found = new Map<string, number>();
  for await (const { key, bytes } of objects.list(partPrefix(releaseId))) found.set(key, bytes);
  return found;
}

async function signPart(
  { objects }: RouteDependencies,
  { releaseId }: ReleaseRecord,
  part: UploadPartInput,
  expiresAt: Date,
) {
  const { bytes, sha256, md5 } = part;
  const { url, headers } = await objects.signPut({
    key: partKey(releaseId, part),
    bytes,
    sha256,
    md5,
    expiresAt,
  });
  return { url, headers };
}

/**
 * Closes the upload. Closed already, it says so again; the workflow judges whether the parts are there.
 *
 * @throws Refusal UPLOAD_INCOMPLETE naming the missing parts, UPLOAD_EXPIRED, RELEASE_STATE
 */
export async function finaliseUpload(
  deps: RouteDependencies,
  subject: Subject,
  versionId: string,
  origin: Origin,
): Promise<FinalisedUpload> {
  const release = await findVisibleRelease(deps, subject, versionId);
  refuseEnded(release);
  if (release.state !== 'uploading') return { versionId, state: release.state };
  const answer = await finaliseRelease(deps.engine, versionId, origin);
  if (!answer) return finaliseUploadAfterEnd(deps, subject, versionId);
  if (answer.outcome === 'refused') throw new Refusal(answer.problems);
  return { versionId, state: answer.state };
}

/** The workflow ended meanwhile: what it left in the database is the answer. */
async function finaliseUploadAfterEnd(deps: RouteDependencies, subject: Subject, versionId: string) {
  const release = await findVisibleRelease(deps, subject, versionId);
  refuseEnded(release);
  if (release.state === 'uploading') throw refusal('UNAVAILABLE', `The release ${versionId} is not running.`);
  return { versionId, state: release.state };
}

function refuseEnded({ versionId, state, listedAt }: ReleaseRecord): void {
  if (state === 'expired') throw refuseLate(versionId);
  if (!isTerminal(state) || listedAt !== null) return;
  throw refusal('RELEASE_STATE', `The release ${versionId} is ${state} and does not accept an upload.`);
}

const refuseLate = (versionId: string): Refusal =>
  refusal('UPLOAD_EXPIRED', `The upload of ${versionId} was not finished in time.`);

/**
 * Ends an upload that is not complete. What authorises it is a row; the workflow is told to look.
 *
 * @throws Refusal RELEASE_STATE when there is nothing to abort any more
 */
export async function abortUpload(
  deps: RouteDependencies,
  subject: Subject,
  versionId: string,
  origin: Origin,
): Promise<FinalisedUpload> {
  const release = await findVisibleRelease(deps, subject, versionId);
  if (release.state === 'withdrawn' && release.listedAt === null) return { versionId, state: release.state };
  if (release.state !== 'uploading')
    throw refusal('RELEASE_STATE', `The release ${versionId} is ${release.state}; no upload is open.`);
  await writeUploadAbort(deps.db, release.releaseId, origin, deps.now());
  const answer = await abortReleaseUpload(deps.engine, versionId);
  if (!answer) throw refusal('UNAVAILABLE', `The release ${versionId} is not running.`);
  if (answer.outcome === 'refused') throw new Refusal(answer.problems);
  return { versionId, state: answer.state };
}
