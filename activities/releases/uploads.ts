import type { Knex } from 'knex';
import { listKeys } from '../../adapters/db/identity/keys';
import { holdForVerification } from '../../adapters/db/releases/nameTurns';
import { readRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { recordVerified } from '../../adapters/db/releases/releases';
import { isPackageNeeded, withPluginLocked } from '../../adapters/db/releases/storedObjects';
import { readUploadAbort } from '../../adapters/db/releases/uploadAborts';
import type { Scratch, StoredPackage } from '../../adapters/objects/scratch';
import type { Checks } from '../../adapters/scanners/checker/checks';
import type { VerifiedFacts } from '../../adapters/scanners/checker/protocol';
import type { Limit } from '../../platform/limit';
import type { ObjectStore } from '../../adapters/objects/objectStore';
import { isRetryable, problem, Refusal, refusal, refuseIfAny } from '../../core/errors/errors';
import { isRevoked } from '../../core/identity/keys';
import type { Waiting } from '../../core/releases/checkTurns';
import { describeVerifiedUpload } from '../../core/releases/timeline';
import { partKey, partPrefix } from '../../core/ids';
import { isBefore } from '../../core/releases/state';
import { countEnds } from './checkEnds';
import { inTurn } from './checkTurns';
import { withFailures } from '../failures';
import { withHeartbeat } from '../heartbeat';
import type { Checked, UploadActivities } from './types';
import { compareWithAnnounced } from './uploadChecks';

export interface UploadDeps {
  db: Knex;
  objects: ObjectStore;
  scratch: Scratch;
  /** Bounds how many packages this process reads at once, to join them and to compare their digests. */
  readLimit: Limit;
  checks: Pick<Checks, 'verify'>;
  clock: () => Date;
  /** Words that the operators reserve; a plugin that uses one in its id is looked at for that. */
  reservedNames: readonly string[];
}

/** What the check is called in timelines. */
const VERIFICATION = 'verification';

/** From parts in the object store to a package that is proven to be the announced one. */
export function createUploadActivities(deps: UploadDeps): UploadActivities {
  const { db } = deps;
  const checkPackage = (
    check: string,
    releaseId: string,
    work: (release: ReleaseRecord, signal: AbortSignal) => Promise<void>,
  ): Promise<Checked | Waiting> =>
    withHeartbeat(async ({ signal }) => {
      const release = await readRelease(db, releaseId);
      return inTurn(deps, release, check, () => toChecked(() => work(release, signal)));
    });
  return withFailures<UploadActivities>({
    checkParts: async (releaseId) => {
      const release = await readRelease(db, releaseId);
      // The parts of a verified package are cleared away.
      if (isVerified(release)) return { outcome: 'ok' };
      return toChecked(async () => {
        await requireParts(deps.objects, release);
        await holdForVerification(db, release);
      });
    },
    readAbort: async (releaseId) => (await readUploadAbort(db, releaseId)) ?? null,
    assemblePackage: (releaseId) =>
      checkPackage('assembly', releaseId, (release, signal) =>
        deps.readLimit(() => assemble(deps, release, signal)),
      ),
    verifyUpload: (releaseId) =>
      checkPackage(VERIFICATION, releaseId, (release, signal) => verify(deps, release, signal)),
    discardUpload: (input) => withHeartbeat(() => discard(deps, input)),
  });
}

/** The publisher's mistakes become an answer; faults of the platform stay errors. */
async function toChecked(work: () => Promise<void>): Promise<Checked> {
  try {
    await work();
    return { outcome: 'ok' };
  } catch (error) {
    if (!(error instanceof Refusal) || isRetryable(error.code)) throw error;
    return { outcome: 'refused', problems: [...error.problems] };
  }
}

export const toStoredPackage = (release: ReleaseRecord): StoredPackage => ({
  key: release.objectKey,
  sha256: release.packageSha256,
  bytes: release.packageBytes,
});

const isVerified = ({ verifiedSha256, packageSha256 }: ReleaseRecord): boolean =>
  verifiedSha256 === packageSha256;

async function requireParts(objects: ObjectStore, { releaseId, parts }: ReleaseRecord): Promise<void> {
  const present = new Map<string, number>();
  for await (const { key, bytes } of objects.list(partPrefix(releaseId))) present.set(key, bytes);
  const missing = parts.filter((part) => present.get(partKey(releaseId, part)) !== part.bytes);
  refuseIfAny(
    missing.map(({ number, bytes }) =>
      problem(
        'UPLOAD_INCOMPLETE',
        `Part ${number} (${bytes} bytes) has not arrived.`,
        `/artefact/parts/${number - 1}`,
      ),
    ),
  );
}

/**
 * Joins the parts and proves length and digest of the whole, as the object store has it now. A package that
 * an attempt left before it was killed is proven like any other; wrong bytes are removed.
 */
async function assemble(deps: UploadDeps, release: ReleaseRecord, signal: AbortSignal): Promise<void> {
  const { objects, scratch } = deps;
  const stored = toStoredPackage(release);
  const sources = release.parts.map((part) => partKey(release.releaseId, part));
  const isNew = await objects.compose({ sources, target: stored.key }).then(() => true, isConflict);
  try {
    await scratch.prove(stored, signal);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'PACKAGE_DIGEST') throw error;
    await objects.remove([stored.key]);
    // The wrong bytes were there before, so these parts have not been judged yet.
    if (!isNew) return assemble(deps, release, signal);
    throw error;
  }
}

/** False for other bytes under the key; any other error stays one. */
function isConflict(error: unknown): false {
  if (error instanceof Refusal && error.code === 'OBJECT_CONFLICT') return false;
  throw error;
}

async function verify(deps: UploadDeps, release: ReleaseRecord, signal: AbortSignal): Promise<void> {
  const { db, clock } = deps;
  const { releaseId, packageBytes: bytes } = release;
  const check = { releaseId, check: VERIFICATION };
  const verified = await countEnds(deps, check, () => readFacts(deps, release, signal));
  if (verified.outcome === 'ended') throw refusal('CHECKER_ENDED', verified.detail);
  const { fingerprint, files, ...found } = verified.result;
  refuseIfAny(compareWithAnnounced({ ...found, signer: { fingerprint } }, release));
  const entry = describeVerifiedUpload({ files, bytes, fingerprint });
  await recordVerified(db, release, { entry, reserved: deps.reservedNames }, clock());
}

async function readFacts(
  { db, scratch, clock, checks }: UploadDeps,
  release: ReleaseRecord,
  signal: AbortSignal,
): Promise<VerifiedFacts> {
  const keys = (await listKeys(db, release.publisherId)).filter((key) => !isRevoked(key));
  const { packageBytes: bytes, packageSha256 } = release;
  const file = { bytes, keys: keys.map(({ armored }) => armored), now: clock().toISOString() };
  return scratch.withPackage(
    toStoredPackage(release),
    (path) => checks.verify({ path, ...file }, packageSha256, signal),
    signal,
  );
}

async function discard(
  { db, objects }: UploadDeps,
  { releaseId, keepPackage }: { releaseId: string; keepPackage: boolean },
): Promise<void> {
  const release = await readRelease(db, releaseId);
  // First, so that a part which arrives now is either listed below or refused.
  await objects.endPuts(partPrefix(releaseId), release.uploadDeadline);
  const keys: string[] = [];
  for await (const { key } of objects.list(partPrefix(releaseId))) keys.push(key);
  await objects.remove(keys);
  // A run that is behind the records must not remove what a later step relies on.
  if (keepPackage || isBefore('uploading', release.state)) return;
  const { pluginId, version, packageSha256: sha256, objectKey: key } = release;
  await withPluginLocked(db, pluginId, async (trx) => {
    // Another submission of the same bytes may be on its way, or was verified before it ended.
    const asked = { pluginId, version, sha256, key, leaving: releaseId };
    if (!(await isPackageNeeded(trx, asked))) await objects.remove([key]);
  });
}
