import { defaultGate, type RolloutPlan } from '../../../core/releases/rolloutPlan';
import type { Problem } from '../../../core/errors/errors';
import type { InstallCounters, StageEvidence } from '../../../core/rollouts/verdict';
import type { Origin } from '../../../contracts/audit/origin';
import type { Checked, RegisterReply, WithdrawReply } from '../../../activities/releases/types';
import type { Waiting } from '../../../core/releases/checkTurns';
import type { ScannerPolicy, ScanSummary } from '../../../activities/scans/types';
import type { StageRef } from '../../../activities/rollouts/types';

/** What the effects of a workflow under test answer; each test changes what it is about. */
export interface Script {
  /** Registers every submission unless this says otherwise. */
  register?: () => Promise<RegisterReply>;
  assemble: () => Checked | Waiting;
  verify: Checked;
  checkParts: () => Checked;
  /** Who asked that the upload ends, as the records say. */
  abortedBy?: () => Origin;
  /** What the records say when the release is to be withdrawn; they say no unless this is there. */
  withdraw?: () => WithdrawReply;
  /** What clearing away an upload waits for. */
  discards?: () => Promise<void>;
  scanners: ScannerPolicy[];
  scan: (scanner: string, attempt: number) => ScanSummary | Waiting;
  plan: RolloutPlan;
  /** What holds the listing back when it is asked for. */
  listingHold: () => { restriction: string } | { successor: string } | { withdrawn: true } | undefined;
  cohort: (stage: number) => number;
  counters: (stage: number) => InstallCounters;
  /** Replaces what cohort and counters say, where a test is about the evidence itself. */
  evidence?: (ref: StageRef) => StageEvidence;
  /** Why a newer version ends the rollout, when that is looked for. */
  superseded?: () => Problem[] | null;
  /** Whether the rollout completes, or is judged again because of failures reported since. */
  completes: () => boolean;
  slaMs: number;
  uploadTimeoutMs: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ok: Checked = { outcome: 'ok' };
const policy = (name: string, extra: Partial<ScannerPolicy> = {}): ScannerPolicy => ({
  ...{ name, group: 'content', enabled: true, enforced: true, required: true },
  ...extra,
});

export const defaultScript = (): Script => ({
  assemble: () => ok,
  verify: ok,
  checkParts: () => ok,
  scanners: [policy('archive-form'), policy('compatibility', { group: 'trial' })],
  scan: (scanner) => ({ scanner, verdict: 'pass', problems: [] }),
  plan: {
    type: 'gradual',
    stages: [
      { basisPoints: 1000, durationMs: DAY },
      { basisPoints: 5000, durationMs: 2 * DAY },
      { basisPoints: 10_000, durationMs: DAY },
    ],
    gate: defaultGate,
    allow: [],
    deny: [],
  },
  listingHold: () => undefined,
  cohort: () => 100,
  counters: () => ({ installed: 50, failed: 0, rolledBack: 0 }),
  completes: () => true,
  slaMs: 4 * HOUR,
  uploadTimeoutMs: DAY,
});
