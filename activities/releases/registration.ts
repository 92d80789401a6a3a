import type { Knex } from 'knex';
import type { Origin } from '../../contracts/audit/origin';
import type { Resumption, Submission } from '../../contracts/releases/messages';
import { registerSubmission } from '../../adapters/db/releases/register';
import { withdrawAsAsked } from '../../adapters/db/releases/withdrawals';
import { readResumed } from '../../adapters/db/releases/resume';
import { requireSubmitted } from '../../adapters/db/releases/submissions';
import type { ReleaseRecord } from '../../adapters/db/releases/record';
import { isRetryable, Refusal } from '../../core/errors/errors';
import { PLATFORM, releaseWorkflowId, formatVersionId } from '../../core/ids';
import type { ReleaseState } from '../../core/releases/state';
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
  return withFailures({ registerRelease, resumeRelease: (resumption) => resume(deps, resumption) });
}

/** Nothing is registered: the rows say what was, and how far the release has come. */
async function resume(deps: RegistrationDeps, resumption: Resumption): Promise<RegisterReply> {
  const { db, timings } = deps;
  const { release, requestId } = await readResumed(db, resumption);
  const checked = toCheckedRelease(release, { actor: PLATFORM, requestId }, timings);
  return { outcome: 'registered', release: checked, standing: await takeUp(deps, release) };
}

/** Where a run takes a release up; one that its publisher asked to withdraw is withdrawn, because no run may have heard of it. */
async function takeUp(
  { db, clock }: RegistrationDeps,
  { releaseId, state, withdrawAskedAt }: ReleaseRecord,
): Promise<{ state: ReleaseState; resumes: boolean }> {
  if (withdrawAskedAt === null) return { state, resumes: true };
  const { outcome } = await withdrawAsAsked(db, releaseId, clock());
  return { state: outcome === 'withdrawn' ? outcome : state, resumes: true };
}

async function register(deps: RegistrationDeps, submission: Submission): Promise<RegisterReply> {
  const { db, clock, timings } = deps;
  try {
    await requireSubmitted(db, submission, clock());
    const { outcome, release } = await registerSubmission(db, submission, timings, clock());
    if (outcome === 'repeated') return { outcome, receipt: release.receipt };
    const { actor, requestId } = submission;
    const checked = toCheckedRelease(release, { actor, requestId }, timings);
    const begun = { state: release.state, resumes: false };
    const standing = outcome === 'resumed' ? await takeUp(deps, release) : begun;
    return { outcome: 'registered', release: checked, standing };
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

function toCheckedRelease(release: ReleaseRecord, origin: Origin, timings: ReleaseTimings): CheckedRelease {
  const { releaseId, versionId, pluginId, version, channel, publisherId, packageSha256, receipt } = release;
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
    uploadDeadline: release.uploadDeadline.toISOString(),
  };
}
