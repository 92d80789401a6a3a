import { randomUUID } from 'node:crypto';
import { digestSubmission } from '../../../adapters/db/releases/submissions';
import type { Submission } from '../../../contracts/releases/messages';
import { publishRequestSchema, type PublishRequest, type Receipt } from '../../../contracts/releases/publish';
import { formatVersionId, releaseWorkflowId } from '../../../core/ids';
import { createFingerprint, hashText } from './digests';
import { createManifest } from './manifest';

/** The day on which tests happen, unless they say otherwise. */
export const TODAY = new Date('2026-11-21T09:00:00.000Z');

export const origin = { actor: 'acme-publisher', requestId: 'request-1' };

/** Fields of a publish request; `content` stands for the package: other content, other digests. */
export type RequestFields = Partial<PublishRequest> & { content?: string };

/** A publish request whose digests are those of its names; `fields` replace whole fields. */
export function createPublishRequest({ content, ...fields }: RequestFields = {}): PublishRequest {
  const { pluginId = 'demo-plugin', version = '1.0.0' } = fields;
  const bytes = 1000;
  const digested = content ?? `${pluginId}@${version}`;
  return publishRequestSchema.parse({
    publishRequestId: randomUUID(),
    pluginId,
    version,
    channel: 'stable',
    manifest: createManifest({ id: pluginId, name: `The ${pluginId} plugin`, version }),
    notes: 'First light.',
    notesSource: 'flag',
    artefact: {
      fileName: `${pluginId}-${version}-any-any.pxp`,
      bytes,
      sha256: hashText(`package ${digested}`),
      manifestDigest: hashText(`integrity ${digested}`),
      signedBy: createFingerprint('acme'),
      parts: [{ number: 1, bytes, sha256: hashText('part 1'), md5: 'AAAAAAAAAAAAAAAAAAAAAA==' }],
    },
    ...fields,
  });
}

/** A submission by the publisher `acme`, digested over everything but its request id, as the API does. */
export function createSubmission(fields: RequestFields = {}, by: Partial<Submission> = {}): Submission {
  const request = createPublishRequest(fields);
  return {
    ...origin,
    publisherId: 'acme',
    callId: randomUUID(),
    submissionDigest: digestSubmission('acme', request),
    request,
    ...by,
  };
}

/** The receipt that registering such a submission returns. */
export function createReceipt({ request }: Submission): Receipt {
  const versionId = formatVersionId(request.pluginId, request.version);
  return {
    publishId: releaseWorkflowId(versionId),
    versionId,
    reviewQueueId: randomUUID(),
    channel: request.channel,
    uploadUrl: `/api/marketplace/plugins/${versionId}/upload`,
    statusUrl: `/api/marketplace/plugins/${versionId}`,
    submittedAt: '2026-11-21T12:00:00.000Z',
    nextCheckAt: '2026-11-21T12:01:00.000Z',
    sla: { expectedReviewDuration: '4h' },
  };
}
