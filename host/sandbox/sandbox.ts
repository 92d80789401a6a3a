import type { ProcessIdentity } from '../../platform/processes/identity';

/**
 * `strong` contains hostile code: kernel namespaces, a filter of system calls, hard limits.
 * `weak` contains mistakes only: Node's permission model, which its documentation calls no defence against
 * malicious code.
 */
export type Strength = 'strong' | 'weak';

export const driverNames = ['namespaces', 'node-permission'] as const;
export type DriverName = (typeof driverNames)[number];

/** What a program may use up; each of them ends the program, or makes its call fail. */
export interface Limits {
  /** Milliseconds from start to end. */
  wallMs: number;
  /** Seconds of processor time, over all threads. */
  cpuSeconds: number;
  memoryBytes: number;
  /** Threads and processes together. */
  processes: number;
  descriptors: number;
  /** How much the data folder may grow. */
  diskBytes: number;
  /** How many files and folders the data folder may gain. */
  diskFiles: number;
  /** Of standard output and standard error together. */
  outputBytes: number;
}

export type LimitName = 'time' | 'cpu' | 'memory' | 'processes' | 'disk' | 'output';

/** A Node program to run. Paths are absolute, and real: without links in them. */
export interface SandboxRun {
  /** Seen read-only, and the working folder. */
  folder: string;
  /** The script, relative to `folder`. */
  script: string;
  /** Options of Node in front of the script. */
  nodeOptions?: readonly string[];
  /** The one place that can be written. One that is not kept is a file system in memory, of exactly the limit's size. */
  data: { folder: string; isKept: boolean };
  /** The whole environment. */
  environment: Readonly<Record<string, string>>;
  limits: Limits;
  /** Told of the process whose group holds all of the run, as soon as there is one. */
  onStart?: ((leader: ProcessIdentity) => Promise<void>) | undefined;
}

export interface SandboxOutcome {
  /** Exit status; null when a signal ended the program. */
  code: number | null;
  signal: string | null;
  /** The limit that ended it, if one did. */
  endedBy: LimitName | null;
  /** The last characters of what it printed, without control characters. */
  output: string;
}

/** Runs untrusted code. Under every driver the same program has the same files and environment. */
export interface Sandbox {
  readonly driver: DriverName;
  readonly strength: Strength;
  /**
   * Runs a program to its end; none of its processes is left then.
   *
   * @throws SandboxFailure when the program could not be run, which is no verdict on it
   */
  run(run: SandboxRun): Promise<SandboxOutcome>;
}

/** The machine could not run the program, or not to its end. */
export class SandboxFailure extends Error {
  override readonly name = 'SandboxFailure';

  /** @param hasBegun whether any of the program may have run, so that it may be what ended its sandbox */
  constructor(
    message: string,
    readonly hasBegun: boolean,
  ) {
    super(message);
  }
}
