import { Refusal, refusal } from '../../core/errors/errors';
import type { UploadPlan } from '../../contracts/releases/publish';
import type { BuiltPackage } from '../../pxp/createPackage';
import { forEachLimited } from '../../platform/limit';
import type { Client } from '../../sdk/client';

/** How an upload went, in parts. */
export interface UploadSummary {
  parts: number;
  sent: number;
  /** Parts that were there already, from an earlier run. */
  kept: number;
}

/** Parts that travel at the same time: enough to fill a line, few enough to stay small in memory. */
const IN_FLIGHT = 4;
/** New plans that are asked for when signed URLs expire or parts were lost on the way. */
const MAX_ROUNDS = 4;

/** Refusals that a new plan resolves: it names what is missing, with fresh signatures. */
const MENDED_BY_NEW_PLAN = new Set([
  'UPLOAD_INCOMPLETE',
  'OBJECTS_URL_EXPIRED',
  'OBJECTS_SIGNATURE',
  'UPLOAD_ENDED',
]);

/**
 * Sends the parts that the object store does not have, and says that they are there. A repetition after a
 * crash of either side sends only what is missing; a release that is past its upload needs nothing.
 *
 * @param onBytes hears of bytes as they leave; negative when a part is sent again
 */
export async function upload(
  client: Client,
  versionId: string,
  built: BuiltPackage,
  onBytes: (bytes: number) => void,
): Promise<UploadSummary> {
  let sent = 0;
  for (let round = 1; ; round += 1) {
    const plan = await client.releases.readUploadPlan(versionId);
    const parts = plan.parts.length;
    if (plan.state !== 'draft' && plan.state !== 'uploading') return { parts, sent, kept: parts - sent };
    try {
      sent += await sendMissing(client, plan, built, onBytes);
      await client.releases.finaliseUpload(versionId);
      return { parts, sent, kept: Math.max(0, parts - sent) };
    } catch (error) {
      const mendable = error instanceof Refusal && MENDED_BY_NEW_PLAN.has(error.code);
      if (!mendable || round === MAX_ROUNDS) throw error;
    }
  }
}

async function sendMissing(
  client: Client,
  plan: UploadPlan,
  built: BuiltPackage,
  onBytes: (bytes: number) => void,
): Promise<number> {
  const byNumber = new Map(built.upload.parts.map((part) => [part.number, part]));
  const missing = plan.parts.flatMap(({ present, put, number, sha256, bytes }) => {
    const part = byNumber.get(number);
    if (part?.sha256 !== sha256) {
      throw refusal('PACKAGE_DIGEST', `Part ${number} of the upload plan does not match ${built.path}.`);
    }
    if (present) onBytes(bytes);
    return present || put === undefined ? [] : [{ put, part }];
  });
  await forEachLimited(missing, IN_FLIGHT, ({ put, part }, signal) =>
    client.releases.uploadPart({
      put,
      file: built.path,
      start: part.start,
      bytes: part.bytes,
      signal,
      onProgress: onBytes,
    }),
  );
  return missing.length;
}
