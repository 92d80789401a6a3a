import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { findObjections } from '../../adapters/db/releases/registerChecks';
import { digestSubmission, writeSubmissionCall } from '../../adapters/db/releases/submissions';
import { findLatestRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { writeUploadAbort } from '../../adapters/db/releases/uploadAborts';
import { channels } from '../../contracts/plugin';
import type { PublishRequest, Receipt } from '../../contracts/releases/publish';
import type { Submission } from '../../contracts/releases/messages';
import { Refusal, refuseIfAny, type Problem } from '../../core/errors/errors';
import { PLATFORM, releaseWorkflowId, formatVersionId } from '../../core/ids';
import { runPrecheck } from '../../core/releases/precheck';
import { publishLog } from '../../core/releases/publishLog';
import { checkManifestIdentity, checkSigned } from '../../core/releases/registration';
import { isInTheWay, judgeSubmission } from '../../core/releases/submission';
import type { RouteDependencies } from '../http/dependencies';
import { toRefusal } from '../http/faults';
import { abortReleaseUpload, submitRelease } from './workflow';
import type { Asked } from '../http/route';
import { checkIsPublisher, formatActor, type Subject } from '../../core/access';

type AskedToPublish = Asked<undefined, undefined, PublishRequest, Subject>;

/**
 * Takes a submission: its receipt, the same one for every repetition, or a refusal with everything
 * that speaks against it. Of a refused one only the call is kept, for two days.
 */
export async function publish(deps: RouteDependencies, asked: AskedToPublish): Promise<Receipt> {
  const started = performance.now();
  const log = (status: string, error?: Refusal) => {
    const { pluginId, version, channel } = asked.body;
    const facts = {
      pluginId,
      version,
      channel,
      publishId: releaseWorkflowId(formatVersionId(pluginId, version)),
      status,
      elapsedMs: Math.round(performance.now() - started),
      errorCode: error?.code ?? null,
      requestId: asked.origin.requestId,
    };
    deps.logger[error && toRefusal(error).code === 'INTERNAL' ? 'error' : 'info'](
      publishLog(facts),
      'publish',
    );
    deps.metrics.published.inc({ outcome: error?.code ?? 'accepted' });
  };
  try {
    const receipt = await submitted(deps, asked);
    log('accepted');
    return receipt;
  } catch (error) {
    log('refused', toRefusal(error));
    throw error;
  }
}

async function submitted(deps: RouteDependencies, asked: AskedToPublish): Promise<Receipt> {
  refuseIfAny(checkIsPublisher(asked.subject));
  const submission = toSubmission(asked);
  const [{ receipt, inTheWay }] = await Promise.all([
    findBefore(deps, submission),
    deps.rateLimits.publish.take(formatActor(asked.subject)),
    // At the same time, because the reply waits for all three.
    asked.inName((trx) => writeSubmissionCall(trx, submission, deps.now())),
  ]);
  if (receipt) return receipt;
  await refuseUnfit(deps, submission);
  if (inTheWay) await endForeignUpload(deps, inTheWay, submission);
  const answer = await submitRelease(deps.engine, submission);
  if (answer.outcome === 'refused') throw new Refusal(answer.problems);
  return answer.receipt;
}

/** The publisher is who the token says. */
function toSubmission({ body, subject, origin }: AskedToPublish): Submission {
  const submissionDigest = digestSubmission(subject.id, body);
  return { ...origin, publisherId: subject.id, submissionDigest, callId: randomUUID(), request: body };
}

/** What a submission finds of its version: the receipt of the same one, or an open upload that it may end. */
interface Found {
  receipt?: Receipt;
  inTheWay?: ReleaseRecord;
}

/**
 * The receipt that was given for the same submission before, for one. Read from the database, so that a
 * repetition is answered while the workflow engine is away, and costs it nothing otherwise.
 */
async function findBefore(deps: RouteDependencies, again: Submission): Promise<Found> {
  const { publisherId, submissionDigest, request } = again;
  const { pluginId, version, publishRequestId, channel, artefact } = request;
  const last = await findLatestRelease(deps.db, formatVersionId(pluginId, version));
  if (last && isInTheWay(last, publisherId, deps.now())) return { inTheWay: last };
  const about = { channel, packageSha256: artefact.sha256 };
  const submitted = { publisherId, submissionDigest, publishRequestId, ...about };
  const verdict = judgeSubmission(last, submitted, deps.now());
  if (verdict.outcome === 'refused') throw new Refusal(verdict.problems);
  return verdict.outcome === 'repeated' ? { receipt: last!.receipt } : {};
}

/**
 * Ends the upload of who has announced a plugin before, as its reservation is over and another publisher announces the
 * same version. One that is complete by now is not ended: then the plugin is the other one's.
 */
async function endForeignUpload(
  { db, engine, now }: RouteDependencies,
  { releaseId, versionId }: ReleaseRecord,
  submission: Submission,
): Promise<void> {
  // What would be refused anyway ends nobody's upload.
  refuseIfAny(await findObjections(db, submission, now()));
  const { requestId } = submission;
  await writeUploadAbort(db, releaseId, { actor: PLATFORM, requestId }, now());
  await abortReleaseUpload(engine, versionId);
}

/** What can be told without registering, together with what the database would say: all at once. */
async function refuseUnfit(deps: RouteDependencies, submission: Submission): Promise<void> {
  const unfit = checkContent(submission.request);
  if (unfit.length === 0) return;
  const objections = await findObjections(deps.db, submission, deps.now());
  const told = new Set(unfit.map(({ code, pointer }) => `${code} ${pointer}`));
  throw new Refusal([...unfit, ...objections.filter(({ code, pointer }) => !told.has(`${code} ${pointer}`))]);
}

function checkContent(request: PublishRequest): Problem[] {
  const { manifest, notes, notesSource, channel, artefact } = request;
  const report = runPrecheck({
    manifest: { value: manifest },
    notes: { text: notes, source: notesSource },
    channel: { name: channel, allowed: channels },
  });
  return [...checkManifestIdentity(request, manifest), ...report.errors, ...checkSigned(artefact)];
}
