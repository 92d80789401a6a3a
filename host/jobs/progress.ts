import type { Failure, Facts, Job, JobOutcome, JournalLine } from '../disk/jobRecord';
import type { ProcessIdentity } from '../../platform/processes/identity';

/** How far a job has come, read from its journal. */
export interface Progress {
  job: Job;
  /** How often the job was resumed after a crash. */
  resumed: number;
  /** What follows counts since the job last started. */
  facts: Facts | undefined;
  /** Whether the version may have run. */
  ran: boolean;
  committed: boolean;
  /** What stopped it, when it was being undone already. */
  failure: Failure | undefined;
  /** Whether that was reported before everything could be taken back. */
  isReported: boolean;
  children: ProcessIdentity[];
  /** The phase that is running, or ran last. */
  phase: string | undefined;
  end:
    | { outcome: JobOutcome; activeVersion: string | null; failure?: Failure | undefined; at: string }
    | undefined;
}

const start = (job: Job): Progress => ({
  job,
  resumed: 0,
  facts: undefined,
  ran: false,
  committed: false,
  failure: undefined,
  isReported: false,
  children: [],
  phase: undefined,
  end: undefined,
});

/** Steps after a failure: what stops one of them is not why the job failed. */
const AFTERWARDS: ReadonlySet<string> = new Set(['restore', 'report']);

/** The progress that the lines of a journal add up to, or undefined when they do not begin with a job. */
export function readProgress(lines: readonly JournalLine[]): Progress | undefined {
  const [first, ...rest] = lines;
  return first?.type === 'job' ? rest.reduce(advance, start(first.job)) : undefined;
}

function advance(before: Progress, line: JournalLine): Progress {
  if (line.type === 'resumed')
    return { ...start(before.job), resumed: before.resumed + (line.crashed === false ? 0 : 1) };
  if (line.type === 'facts') return { ...before, facts: line.facts };
  if (line.type === 'child') return { ...before, children: [...before.children, line] };
  if (line.type === 'end') return { ...before, end: line };
  if (line.type === 'phase') return advancePhase(before, line);
  return before;
}

function advancePhase(before: Progress, line: Extract<JournalLine, { type: 'phase' }>): Progress {
  const { phase, status } = line;
  return {
    ...before,
    phase,
    ran: before.ran || phase === 'health',
    committed: before.committed || (phase === 'commit' && status === 'done'),
    failure: AFTERWARDS.has(phase) ? before.failure : (line.failure ?? before.failure),
    isReported: before.isReported || (phase === 'report' && status === 'done'),
  };
}
