import { randomUUID } from 'node:crypto';
import type { CheckedRelease } from '../../../activities/releases/types';
import type { Submission } from '../../../contracts/releases/messages';
import type { RolloutOrder } from '../../../contracts/rollouts/messages';
import { formatVersionId } from '../../../core/ids';
import type { RolloutPlan } from '../../../core/releases/rolloutPlan';
import { createReceipt } from '../builders/submission';
import type { Script } from './script';

/** The release that registering a submission returns. */
export function buildCheckedRelease(submission: Submission, script: Script): CheckedRelease {
  const { request, publisherId, actor, requestId } = submission;
  const { slaMs, uploadTimeoutMs } = script;
  return {
    releaseId: randomUUID(),
    versionId: formatVersionId(request.pluginId, request.version),
    pluginId: request.pluginId,
    version: request.version,
    channel: request.channel,
    publisherId,
    packageSha256: request.artefact.sha256,
    origin: { actor, requestId },
    receipt: createReceipt(submission),
    uploadDeadline: new Date(Date.now() + uploadTimeoutMs).toISOString(),
    timings: { slaMs, uploadTimeoutMs, scanRetryMs: 30_000 },
  };
}

/** The rollout that a release orders once it is listed. */
export function buildOrder(checked: CheckedRelease, plan: RolloutPlan): RolloutOrder {
  const { releaseId, versionId, pluginId, version, channel, origin } = checked;
  return {
    ...{ releaseId, versionId, pluginId, version, channel, origin },
    previousVersion: '1.0.0',
    plan,
  };
}
