import type { VerifiedPackage } from '../../pxp/verifyPackage';
import type { Facts, Job } from '../disk/jobRecord';
import type { Journal } from '../disk/journal';
import type { Layout } from '../disk/layout';
import type { Clock } from '../marketplace/clock';
import type { KeyRing } from '../marketplace/keyRing';
import type { RunHealth } from '../sandbox/health';

/** What the phases work with; all of them are given, so that the trial can give its own. */
export interface InstallServices extends KeyRing {
  layout: Layout;
  hostVersion: string;
  /** Bytes of disk that stay free in any case. */
  minFreeBytes: number;
  now: () => Date;
  /** Fetches a package into a new file, within the guard and the announced size and digest. */
  download: (source: Job['source'], target: string, signal: AbortSignal) => Promise<void>;
  runHealth: RunHealth;
  clock: Pick<Clock, 'fault' | 'offsetMs'>;
  isWithdrawn: (pluginId: string, version: string) => boolean;
  /** Fingerprints that are signed for a plugin's publisher; undefined where nothing is signed about it. */
  endorsedKeys: (pluginId: string) => readonly string[] | undefined;
}

/** One installation on its way through the phases. */
export interface Installation {
  readonly job: Job;
  readonly services: InstallServices;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** A folder of this job alone; everything unfinished lies in it. */
  readonly workspace: string;
  /** Makes the plugin this job's own. @throws Refusal with INSTALL_BUSY */
  readonly claim: (pluginId: string) => void;
  packagePath?: string;
  verified?: VerifiedPackage;
  facts?: Facts | undefined;
  /** The version's own code runs: until its phase has ended, nothing that happens is anybody else's fault. */
  isRunning?: boolean;
}

/** `unchanged`: there was nothing to do, which counts as a success. */
export type PhaseResult = 'unchanged' | void;

export interface Phase {
  readonly name: string;
  run(installation: Installation): Promise<PhaseResult>;
}

/** A value that an earlier phase must have set. @throws TypeError when it is missing, which is a bug */
export function requireValue<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TypeError(`No earlier phase set ${what}.`);
  return value;
}
