import type { Knex } from 'knex';
import type { Submission } from '../../contracts/releases/messages';
import { registerSubmission } from '../../adapters/db/releases/register';
import { requireSubmitted } from '../../adapters/db/releases/submissions';
import type { ReleaseRecord } from '../../adapters/db/releases/record';
import { isRetryable, Refusal } from '../../core/errors/errors';
import { releaseWorkflowId, formatVersionId } from '../../core/ids';
import { publishLog, type PublishLogLine } from '../../core/releases/publishLog';
import { withFailures } from '../failures';
import type { CheckedRelease, RegisterReply, RegistrationActivities, ReleaseTimings } from './types';

export interface RegistrationDeps {
  db: Knex;
  clock: () => Date;
  timings: ReleaseTimings;
  log: (line: PublishLogLine) => void;
}

/** Registers submissions; the publisher's mistakes are answers, only faults of the platform are thrown. */
export function createRegistrationActivities(deps: RegistrationDeps): RegistrationActivities {
  const { clock, log } = deps;
  async function registerRelease(submission: Submission): Promise<RegisterReply> {
    const startedAt = clock().getTime();
    const reply = await register(deps, submission);
    log(toLogLine(submission, reply, clock().getTime() - startedAt));
    return reply;
  }
  return withFailures({ registerRelease });
}

async function register(
  { db, clock, timings }: RegistrationDeps,
  submission: Submission,
): Promise<RegisterReply> {
  try {
    await requireSubmitted(db, submission, clock());
    const { outcome, release } = await registerSubmission(db, submission, timings, clock());
    if (outcome === 'repeated') return { outcome, receipt: release.receipt };
    return { outcome, release: toCheckedRelease(release, submission, timings) };
  } catch (error) {
    if (!(error instanceof Refusal) || isRetryable(error.code)) throw error;
    return { outcome: 'refused', problems: [...error.problems] };
  }
}

const toLogLine = (
  { request, requestId }: Submission,
  reply: RegisterReply,
  elapsedMs: number,
): PublishLogLine =>
  publishLog({
    pluginId: request.pluginId,
    version: request.version,
    channel: request.channel,
    publishId: releaseWorkflowId(formatVersionId(request.pluginId, request.version)),
    status: reply.outcome,
    elapsedMs,
    errorCode: reply.outcome === 'refused' ? (reply.problems[0]?.code ?? null) : null,
    requestId,
  });

function toCheckedRelease(
  release: ReleaseRecord,
  { actor, requestId }: Submission,
  timings: ReleaseTimings,
): CheckedRelease {
  const { releaseId, versionId, pluginId, version, channel, publisherId, packageSha256, receipt } = release;
  const origin = { actor, requestId };
  return {
    releaseId,
    versionId,
    pluginId,
    version,
    channel,
    publisherId,
    packageSha256,
    receipt,
    origin,
    timings,
  };
}
