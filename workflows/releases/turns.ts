import { sleep } from '@temporalio/workflow';
import { getTurnPauseMs, OTHER_CHECKS, type Waiting } from '../../core/releases/checkTurns';
import { publishStatus, type ReleaseContext } from './context';

type Check<T> = () => Promise<T | Waiting>;

/** Carries out checks when it is the release's turn among those of its publisher; returns their answers in order. */
export async function inTurn<T extends object>(
  context: ReleaseContext,
  checks: readonly Check<T>[],
): Promise<T[]> {
  const { waitingFor } = context;
  const answers = new Map<Check<T>, T>();
  const told: Waiting[] = [];
  const ask = (check: Check<T>) =>
    check().then((answer) => void (isWaiting(answer) ? told.push(answer) : answers.set(check, answer)));
  const listOpen = () => checks.filter((check) => !answers.has(check));
  await Promise.all(checks.map(ask));
  for (let looks = 1, ahead = -1; told.length > 0; looks += 1) {
    const next = told.splice(0)[0]!;
    if (next.ahead !== ahead) looks = 1;
    ahead = next.ahead;
    if (context.waitingFor !== OTHER_CHECKS) publishStatus(context, OTHER_CHECKS);
    await sleep(getTurnPauseMs(ahead, looks), { summary: 'until the turn of this release' });
    // One asks for all, so that the history of a wait stays short.
    await ask(listOpen()[0]!);
    if (told.length === 0) await Promise.all(listOpen().map(ask));
  }
  if (context.waitingFor !== waitingFor) publishStatus(context, waitingFor);
  return checks.map((check) => answers.get(check)!);
}

const isWaiting = (answer: object): answer is Waiting => 'outcome' in answer && answer.outcome === 'waiting';
