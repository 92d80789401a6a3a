import { hash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { lineText } from '../../contracts/bounds';
import { formatVersionId } from '../../core/ids';
import type { PublishRequest } from '../../contracts/releases/publish';
import { canonicalJson } from '../../core/canonicalJson';
import type { BuiltPackage } from '../../pxp/createPackage';
import { ownFolder, readOwnJson, writeJson } from '../files';
import type { CheckedPlugin } from './precheck';

/** The body of the publish call for a finished package, but for its request id. */
export const describeSubmission = (
  checked: CheckedPlugin,
  built: BuiltPackage,
): Omit<PublishRequest, 'publishRequestId'> => ({
  pluginId: checked.manifest.id,
  version: checked.manifest.version,
  channel: checked.channel,
  manifest: checked.manifest,
  notes: checked.notes.text.trim(),
  notesSource: checked.notes.source,
  artefact: {
    fileName: path.basename(built.path),
    bytes: built.bytes,
    sha256: built.sha256,
    manifestDigest: built.manifestDigest,
    signedBy: checked.signer.fingerprint,
    parts: built.upload.parts.map(({ number, bytes, sha256, md5 }) => ({ number, bytes, sha256, md5 })),
  },
  ...(checked.rollout === undefined ? {} : { rollout: checked.rollout }),
});

const requestSchema = z.object({ publishRequestId: z.uuid(), submissionDigest: lineText });

export interface NumberedRequest {
  request: PublishRequest;
  /** Whether an earlier run has sent it, or was about to. */
  isRepeated: boolean;
}

/**
 * The request with its idempotency key. The key of a submission is kept in the plugin folder, so that
 * running the command again after a crash repeats the submission instead of making another one; other
 * content of the same version gets a key of its own, and the server's answer to that.
 */
export async function withRequestId(
  root: string,
  submission: Omit<PublishRequest, 'publishRequestId'>,
): Promise<NumberedRequest> {
  const submissionDigest = hash('sha256', canonicalJson(submission));
  const file = await locateRequest(root, formatVersionId(submission.pluginId, submission.version));
  const known = await readOwnJson(file, requestSchema);
  if (known?.submissionDigest === submissionDigest) {
    return { request: { publishRequestId: known.publishRequestId, ...submission }, isRepeated: true };
  }
  const publishRequestId = randomUUID();
  await writeJson(file, { publishRequestId, submissionDigest });
  return { request: { publishRequestId, ...submission }, isRepeated: false };
}

/**
 * The request that follows one whose release has ended. Its key is made of the one before, so that two runs which
 * find the same end at the same time submit once.
 */
export async function succeedRequest(
  root: string,
  { publishRequestId: before, ...submission }: PublishRequest,
): Promise<PublishRequest> {
  const submissionDigest = hash('sha256', canonicalJson(submission));
  const file = await locateRequest(root, formatVersionId(submission.pluginId, submission.version));
  const publishRequestId = toUuid(hash('sha256', `publish again after ${before}`));
  await writeJson(file, { publishRequestId, submissionDigest });
  return { publishRequestId, ...submission };
}

/** A UUID of version 8, whose bits mean what its maker says (RFC 9562). */
const toUuid = (hex: string): string =>
  [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');

const locateRequest = async (root: string, versionId: string): Promise<string> =>
  path.join(await ownFolder(root), `${versionId}.json`);

/**
 * A request that was refused for good is answered alike for ever under its id. The next run, after
 * the author has mended something outside of the plugin folder, is a new request (CLI-51).
 */
export const forgetRequestId = async (root: string, versionId: string): Promise<void> =>
  rm(await locateRequest(root, versionId), { force: true });
