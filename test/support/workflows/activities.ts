import type { CheckedRelease, RegisterReply, WithdrawReply } from '../../../activities/releases/types';
import type { StageRef } from '../../../activities/rollouts/types';
import type { ScanSummary } from '../../../activities/scans/types';
import type { Submission } from '../../../contracts/releases/messages';
import type {
  CommandReference,
  RolloutOrder,
  RolloutStanding,
  TakenCommand,
} from '../../../contracts/rollouts/messages';
import type { Waiting } from '../../../core/releases/checkTurns';
import { problem } from '../../../core/errors/errors';
import type { DecisionReference } from '../../../contracts/reviews/messages';
import type { ReviewDecision } from '../../../core/reviews/states';
import type { StageEvidence } from '../../../core/rollouts/verdict';
import { buildCheckedRelease, buildOrder } from './order';
import { listTransitions, type Recording } from './recording';
import type { Script } from './script';

export interface ActivityDeps {
  script: Script;
  recording: Recording;
  /** The clock of the server, in milliseconds. */
  readClock: () => Promise<number>;
}

/** Activities of whose reply no workflow takes notice. */
const SILENT = [
  'changeState',
  'recordScanHold',
  'alertSla',
  'notifyPublisher',
  'alertRollback',
  'endStage',
  'recordRolloutEvent',
  'withdrawOffer',
  'closeRollback',
];

type Activity = (input: never) => unknown;

/** Every activity of the product, recorded instead of carried out, and answered as the script says. */
export function createActivities(deps: ActivityDeps): Record<string, (input: never) => Promise<unknown>> {
  const replies: Record<string, Activity> = {
    ...Object.fromEntries(SILENT.map((name) => [name, () => undefined])),
    listRelease: () => deps.script.listingHold(),
    ...answerForRelease(deps),
    ...answerForRollout(deps),
  };
  return Object.fromEntries(
    Object.entries(replies).map(([name, reply]) => [
      name,
      async (input: never) => {
        deps.recording.effects.push({ name, input });
        return reply(input);
      },
    ]),
  );
}

function answerForRelease({ script, recording, readClock }: ActivityDeps) {
  return {
    registerRelease: async (submission: Submission): Promise<RegisterReply> => {
      const uploadDeadline = toIso((await readClock()) + script.uploadTimeoutMs);
      const release = { ...buildCheckedRelease(submission, script), uploadDeadline };
      recording.release = release;
      const standing = { state: 'uploading' as const, resumes: false };
      return (await script.register?.()) ?? { outcome: 'registered', release, standing };
    },
    readState: () => listTransitions(recording).at(-1)?.split(' → ')[1] ?? 'uploading',
    withdrawRelease: (): WithdrawReply => script.withdraw?.() ?? refuseWithdrawal,
    checkParts: () => script.checkParts(),
    readAbort: () => script.abortedBy?.() ?? null,
    discardUpload: () => script.discards?.(),
    assemblePackage: () => script.assemble(),
    verifyUpload: () => script.verify,
    listScanners: () => script.scanners,
    runScanner: ({ scanner }: { scanner: string }) => scanOnce(script, recording, scanner),
    openReview: async ({ slaMs }: { slaMs: number }) => {
      const openedAt = await readClock();
      return { openedAt: toIso(openedAt), slaDeadline: toIso(openedAt + slaMs) };
    },
    takeDecision: (reference: DecisionReference & { expected?: ReviewDecision }) =>
      recording.decisions.take(reference, recording.release!),
    notifySubscribers: () => ({ notified: 3 }),
  };
}

function answerForRollout({ script, recording, readClock }: ActivityDeps) {
  return {
    planRollout: (checked: CheckedRelease) => buildOrder(checked, script.plan),
    startStage: async ({ order, stage }: { order: RolloutOrder; stage: number }) => {
      const startedAt = await readClock();
      const { durationMs } = order.plan.stages[stage - 1]!;
      const times = { startedAt: toIso(startedAt), endsAt: toIso(startedAt + durationMs) };
      recording.stageTimes.push(times);
      return { ...times, cohort: script.cohort(stage) };
    },
    readStanding: (): RolloutStanding => ({
      ...{ next: 'stage', stage: 1, releaseState: 'rolling_out', recordedEvents: 0, pending: {} },
    }),
    takeCommand: ({ commandId }: CommandReference): TakenCommand => {
      const origin = recording.commands.get(commandId);
      return origin
        ? { outcome: 'taken', origin }
        : { outcome: 'refused', problems: [problem('COMMAND_UNKNOWN', `Nobody gave ${commandId}.`)] };
    },
    evaluateStage: (ref: StageRef) => readEvidence(script, ref),
    supersedeRollout: () => script.superseded?.() ?? null,
    completeRollout: () => ({ completed: script.completes() }),
    awaitReturns: () => ({ remaining: 0 }),
  };
}

function scanOnce(script: Script, { scanAttempts }: Recording, scanner: string): ScanSummary | Waiting {
  const attempt = (scanAttempts.get(scanner) ?? 0) + 1;
  scanAttempts.set(scanner, attempt);
  return script.scan(scanner, attempt);
}

function readEvidence(script: Script, ref: StageRef): StageEvidence {
  if (script.evidence) return script.evidence(ref);
  const counters = script.counters(ref.stage);
  const cohort = script.cohort(ref.stage);
  return { cohort, totalCohort: cohort, stage: counters, total: counters };
}

const refuseWithdrawal: WithdrawReply = {
  outcome: 'refused',
  problems: [problem('RELEASE_STATE', 'Its publisher has not asked to withdraw it.')],
};

const toIso = (ms: number): string => new Date(ms).toISOString();
