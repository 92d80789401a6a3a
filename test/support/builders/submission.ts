import { createHash, randomUUID } from 'node:crypto';
import { manifestSchema } from '../../../contracts/releases/manifest';
import { publishRequestSchema, type PublishRequest, type Receipt } from '../../../contracts/releases/publish';
import type { Submission } from '../../../contracts/releases/messages';
import { releaseWorkflowId, formatVersionId } from '../../../core/ids';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('base64');

export interface SubmissionOptions {
  pluginId?: string;
  version?: string;
  channel?: 'stable' | 'beta';
  publisherId?: string;
  publishRequestId?: string;
  /** Stands for the package: other content, other digests. */
  content?: string;
  signedBy?: string;
  rollout?: PublishRequest['rollout'];
}

/** A valid body of a publish request; what a test does not name does not matter to it. */
export function publishRequestOf(options: SubmissionOptions = {}): PublishRequest {
  const {
    pluginId = 'com.example.tools.notes',
    version = '1.1.0',
    channel = 'stable',
    content = 'package',
  } = options;
  const part = { number: 1, bytes: content.length, sha256: sha256(content), md5: md5(content) };
  return publishRequestSchema.parse({
    publishRequestId: options.publishRequestId ?? randomUUID(),
    pluginId,
    version,
    channel,
    manifest: manifestSchema.parse({
      id: pluginId,
      name: 'Notes',
      version,
      permissions: [],
      runtime: { entry: 'dist/main.js', health: { script: 'dist/px-health.cjs' } },
    }),
    notes: `What is new in ${version}.`,
    artefact: {
      fileName: `${pluginId}-${version}-any-any.pxp`,
      bytes: content.length,
      sha256: sha256(content),
      manifestDigest: sha256(`integrity of ${content}`),
      signedBy: options.signedBy ?? 'A'.repeat(40),
      parts: [part],
    },
    ...(options.rollout ? { rollout: options.rollout } : {}),
  });
}

/** What the API makes of such a request. */
export function submissionOf(options: SubmissionOptions = {}): Submission {
  const request = publishRequestOf(options);
  const { publishRequestId, ...content } = request;
  return {
    actor: `publisher:${options.publisherId ?? 'example'}`,
    requestId: `req-${publishRequestId.slice(0, 8)}`,
    publisherId: options.publisherId ?? 'example',
    callId: randomUUID(),
    submissionDigest: sha256(JSON.stringify(content)),
    request,
  };
}

/** The receipt that registering such a submission gives. */
export function receiptOf({ request }: Submission): Receipt {
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
