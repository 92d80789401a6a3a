import { Refusal, isRetryable } from '../../core/errors/errors';
import { formatVersionId } from '../../core/ids';
import { plural } from '../../core/plural';
import type { Receipt } from '../../contracts/releases/publish';
import type { BuiltPackage } from '../../pxp/createPackage';
import type { Client } from '../../sdk/client';
import type { Say, StageEnd } from '../terminal/stages';
import type { CheckedPlugin } from './precheck';
import { describeSubmission, forgetRequestId, withRequestId } from './submission';
import { upload, type UploadSummary } from './upload';

/** The fourth stage: the release exists from the reply on; the parts follow, as many as the object store lacks. */
export async function submitAndUpload(
  checked: CheckedPlugin,
  built: BuiltPackage,
  client: Client,
  say: Say,
): Promise<StageEnd<Receipt>> {
  const receipt = await submit(checked, built, client);
  let done = 0;
  const summary = await upload(client, receipt.versionId, built, (bytes) => {
    done += bytes;
    say(done / built.bytes);
  });
  return { value: receipt, text: describeUpload(summary) };
}

async function submit(checked: CheckedPlugin, built: BuiltPackage, client: Client): Promise<Receipt> {
  const request = await withRequestId(checked.root, describeSubmission(checked, built));
  try {
    return await client.releases.publish(request);
  } catch (error) {
    const isFinal = error instanceof Refusal && !isRetryable(error.code);
    if (isFinal) await forgetRequestId(checked.root, formatVersionId(request.pluginId, request.version));
    throw error;
  }
}

const describeUpload = ({ parts, sent, kept }: UploadSummary): string =>
  kept === 0
    ? `${plural(sent, 'part')} sent`
    : `${sent} of ${plural(parts, 'part')} sent, ${kept} already uploaded`;
