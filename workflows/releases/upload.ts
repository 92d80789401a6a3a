import { condition, setHandler } from '@temporalio/workflow';
import { problem, type Problem } from '../../core/errors/errors';
import type { FinaliseReply } from '../../contracts/workflowMessages';
import type { Checked } from '../../activities/types';
import { uploads } from '../effects';
import { move, registered, show, type Line } from './context';
import { finaliseUpload } from '../messages';

/** Answers "finalise": accepted once every part is there, and ever after. */
export function receiveParts(line: Line): { complete: boolean } {
  const upload = { complete: false };
  setHandler(finaliseUpload, async (): Promise<FinaliseReply> => {
    await condition(() => line.release !== undefined || line.isOver);
    if (!line.release)
      return { outcome: 'refused', problems: [problem('RELEASE_STATE', 'The submission was refused.')] };
    if (upload.complete) return { outcome: 'accepted', state: line.state };
    const checked = await uploads.checkParts(registered(line).releaseId);
    if (checked.outcome === 'refused') return checked;
    upload.complete = true;
    return { outcome: 'accepted', state: line.state };
  });
  return upload;
}

/** Waits for the parts, joins them and checks the package before anything reads its content. */
export async function awaitUpload(line: Line, upload: { complete: boolean }): Promise<Problem[]> {
  const { releaseId, versionId, timings } = registered(line);
  const inTime = await condition(() => upload.complete, timings.uploadTimeoutMs);
  if (!inTime) return expire(line, `The upload of ${versionId} was not finished in time.`);
  show(line, 'the check of the uploaded package');
  const refused = await firstRefusal([
    () => uploads.assemblePackage(releaseId),
    () => uploads.verifyUpload(releaseId),
  ]);
  await uploads.discardUpload({ releaseId, keepPackage: refused.length === 0 });
  if (refused.length === 0) await move(line, 'scanning', 'the scanners');
  else await move(line, 'rejected', 'nothing', { reason: 'The package was refused.', problems: refused });
  return refused;
}

async function expire(line: Line, detail: string): Promise<Problem[]> {
  const problems = [problem('UPLOAD_EXPIRED', detail)];
  await move(line, 'expired', 'nothing', { reason: detail, problems });
  await uploads.discardUpload({ releaseId: registered(line).releaseId, keepPackage: false });
  return problems;
}

/** Runs checks in order until one refuses; each may rely on those before it. */
async function firstRefusal(checks: (() => Promise<Checked>)[]): Promise<Problem[]> {
  for (const check of checks) {
    const checked = await check();
    if (checked.outcome === 'refused') return checked.problems;
  }
  return [];
}
