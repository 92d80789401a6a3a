import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { problem } from '../../core/errors/errors';
import type { FinaliseReply } from '../../contracts/releases/messages';
import type { ReleaseState } from '../../core/releases/state';
import { publishStatus, requireRelease, type ReleaseContext } from './context';
import { releaseRecords, uploads } from './effects';
import { withdraw } from './messages';

/** A publisher's wish to withdraw the release while it waits. */
export interface PendingWithdrawal {
  /** How many calls the records are being asked about. */
  asked: number;
  /** The state in which the release was withdrawn. */
  from: ReleaseState | undefined;
  /** What a withdrawal ends: everything on the way to the outcome. */
  scope: CancellationScope;
}

/**
 * Answers "withdraw". What decides is the release's row: once it says withdrawn, no step that is under way can
 * change it, and the workflow gives all of them up.
 */
export function receiveWithdrawal(context: ReleaseContext): PendingWithdrawal {
  const withdrawal: PendingWithdrawal = { asked: 0, from: undefined, scope: new CancellationScope() };
  setHandler(withdraw, async (): Promise<FinaliseReply> => {
    await condition(() => context.release !== undefined || context.hasEnded);
    if (!context.release)
      return { outcome: 'refused', problems: [problem('RELEASE_STATE', 'The submission was refused.')] };
    withdrawal.asked += 1;
    const answer = await releaseRecords
      .withdrawRelease(context.release.releaseId)
      .finally(() => void (withdrawal.asked -= 1));
    if (answer.outcome === 'refused') return answer;
    withdrawal.from ??= answer.from;
    withdrawal.scope.cancel();
    return { outcome: 'accepted', state: 'withdrawn' };
  });
  return withdrawal;
}

/** Whether the release was withdrawn, as far as the records have been asked; an answer under way is waited for. */
export async function wasWithdrawn(withdrawal: PendingWithdrawal): Promise<boolean> {
  await CancellationScope.nonCancellable(() => condition(() => withdrawal.asked === 0));
  return withdrawal.from !== undefined;
}

/** Clears away what a release leaves that was withdrawn; its publisher asked for it and need not be told. */
export const concludeWithdrawal = (context: ReleaseContext, { from }: PendingWithdrawal): Promise<void> =>
  CancellationScope.nonCancellable(async () => {
    context.state = 'withdrawn';
    publishStatus(context, 'nothing');
    const { releaseId } = requireRelease(context);
    if (from === 'uploading') await uploads.discardUpload({ releaseId, keepPackage: false });
  });
