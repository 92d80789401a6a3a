import { hash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { lineText } from '../../contracts/bounds';
import { formatVersionId } from '../../core/ids';
import type { PublishRequest } from '../../contracts/releases/publish';
import { canonicalJson } from '../../core/canonicalJson';
import type { BuiltPackage } from '../../pxp/createPackage';
import { readTextWithin } from '../../platform/files/unlinked';
import { ownFolder, writeJson } from '../files';
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

/**
 * The request with its idempotency key. The key of a submission is kept in the plugin folder, so that
 * running the command again after a crash repeats the submission instead of making another one; other
 * content of the same version gets a key of its own, and the server's answer to that.
 */
export async function withRequestId(
  root: string,
  submission: Omit<PublishRequest, 'publishRequestId'>,
): Promise<PublishRequest> {
  const submissionDigest = hash('sha256', canonicalJson(submission));
  const file = await locateRequest(root, formatVersionId(submission.pluginId, submission.version));
  const known = await readRequest(file);
  if (known?.submissionDigest === submissionDigest) {
    return { publishRequestId: known.publishRequestId, ...submission };
  }
  const publishRequestId = randomUUID();
  await writeJson(file, { publishRequestId, submissionDigest });
  return { publishRequestId, ...submission };
}

const MAX_REQUEST_BYTES = 4096;

const locateRequest = async (root: string, versionId: string): Promise<string> =>
  path.join(await ownFolder(root), `${versionId}.json`);

/**
 * A request that was refused for good is answered alike for ever under its id. The next run, after
 * the author has mended something outside of the plugin folder, is a new request (CLI-51).
 */
export const forgetRequestId = async (root: string, versionId: string): Promise<void> =>
  rm(await locateRequest(root, versionId), { force: true });

/** What cannot be read is forgotten: the server knows a repetition by its content as well. */
async function readRequest(file: string): Promise<z.output<typeof requestSchema> | undefined> {
  const text = await readTextWithin(path.dirname(file), file, MAX_REQUEST_BYTES).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return requestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
