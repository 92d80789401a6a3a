import type { Command } from '../../platform/processes/child';
import type { ComponentRecord } from './state';

export type Say = (text: string) => void;

/** Where a component came from, in words, and which version it is. */
export interface Provenance {
  origin: string;
  version?: string;
}

interface Described {
  name: string;
  title: string;
  /** Names of the components that must be ready first. */
  dependsOn: readonly string[];
  address?: string;
}

/** A process that runs as long as the stack, and is started again when it dies. */
export interface ServiceSpec extends Described {
  kind: 'service';
  logFile: string;
  /** Once before the first start: finds programs, makes files. */
  prepare(say: Say): Promise<Provenance>;
  /** Before every start: how to run it. */
  command(): Promise<Command>;
  /** One health check; throws why it is not ready. */
  probe(): Promise<void>;
  /** Once after it became ready for the first time. */
  afterFirstStart?(): Promise<void>;
  deadlineMs: number;
  graceMs: number;
}

/** Work that is done once at every start. */
export interface TaskSpec extends Described {
  kind: 'task';
  logFile?: string;
  run(say: Say): Promise<Provenance>;
}

export type ComponentSpec = ServiceSpec | TaskSpec;

/** A component while the stack runs. */
export interface Component {
  readonly name: string;
  readonly title: string;
  readonly dependsOn: readonly string[];
  readonly record: ComponentRecord;
  start(say: Say): Promise<void>;
  stop(): Promise<void>;
  /** Sends a signal to the running process; false when there is none. */
  kill(signal: NodeJS.Signals): boolean;
  /** Returns once its health check passes; throws when that takes longer than its deadline. */
  untilReady(): Promise<void>;
}

export interface ComponentHooks {
  /** A line for whoever watches the running stack. */
  announce: Say;
  /** The record changed and must be written down. */
  changed(): void;
}
