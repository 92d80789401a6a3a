import { Refusal, isRetryable } from '../../core/errors/errors';
import { formatVersionId } from '../../core/ids';
import { plural } from '../../core/plural';
import type { PublishRequest, Receipt } from '../../contracts/releases/publish';
import type { BuiltPackage } from '../../pxp/createPackage';
import type { Client } from '../../sdk/client';
import type { Say, StageEnd } from '../terminal/stages';
import type { CheckedPlugin } from './precheck';
import { endInterrupted, forgetUpload, noteUpload } from './interrupted';
import { describeSubmission, forgetRequestId, succeedRequest, withRequestId } from './submission';
import { upload, type UploadSummary } from './upload';

/** The fourth stage: the release exists from the reply on; the parts follow, as many as the object store lacks. */
export async function submitAndUpload(
  checked: CheckedPlugin,
  built: BuiltPackage,
  client: Client,
  say: Say,
): Promise<StageEnd<Receipt>> {
  const receipt = await submit(checked, built, client);
  await noteUpload(checked.root, receipt.versionId, built.sha256);
  let done = 0;
  const summary = await upload(client, receipt.versionId, built, (bytes) => {
    done += bytes;
    say(done / built.bytes);
  });
  await forgetUpload(checked.root, receipt.versionId);
  return { value: receipt, text: describeUpload(summary) };
}

/** Submits; what was submitted before and has ended unlisted is submitted anew. */
async function submit(checked: CheckedPlugin, built: BuiltPackage, client: Client): Promise<Receipt> {
  const { root } = checked;
  const { request, isRepeated } = await withRequestId(root, describeSubmission(checked, built));
  const receipt = await send(root, client, request);
  if (!isRepeated || !(await hasEnded(client, receipt.versionId))) return receipt;
  return send(root, client, await succeedRequest(root, request));
}

async function send(root: string, client: Client, request: PublishRequest): Promise<Receipt> {
  try {
    return await client.releases.publish(request).catch(async (error: unknown) => {
      if (!(await endInterrupted(root, client, request, error))) throw error;
      return client.releases.publish(request);
    });
  } catch (error) {
    const isFinal = error instanceof Refusal && !isRetryable(error.code);
    if (isFinal) await forgetRequestId(root, formatVersionId(request.pluginId, request.version));
    throw error;
  }
}

/** How the upload plan is refused of a release that ended without being listed. */
const ENDED: ReadonlySet<string> = new Set(['UPLOAD_EXPIRED', 'RELEASE_STATE']);

async function hasEnded(client: Client, versionId: string): Promise<boolean> {
  try {
    await client.releases.readUploadPlan(versionId);
    return false;
  } catch (error) {
    if (error instanceof Refusal && ENDED.has(error.code)) return true;
    throw error;
  }
}

const describeUpload = ({ parts, sent, kept }: UploadSummary): string =>
  kept === 0
    ? `${plural(sent, 'part')} sent`
    : `${sent} of ${plural(parts, 'part')} sent, ${kept} already uploaded`;
