import type { StageProgress } from '../../../contracts/releases/messages';
import type { RealStack } from '../../support/servers/realStack';

/** What is killed, and when. */
export const components = ['worker', 'api', 'host-acme', 'postgres', 'temporal', 'signer'] as const;
export const phases = ['rollback', 'rollout', 'scan', 'upload', 'review'] as const;
export type ComponentName = (typeof components)[number];
export type Phase = (typeof phases)[number];

export interface Case {
  component: ComponentName;
  phase: Phase;
}

/** Nothing is signed before a version is listed. */
const isAtWork = ({ component, phase }: Case): boolean =>
  component !== 'signer' || phase === 'rollout' || phase === 'rollback';

/** Every phase of every component that has work in it: 27 cases. */
const cases: Case[] = components
  .flatMap((component) => phases.map((phase) => ({ component, phase })))
  .filter(isAtWork);

/** One of each kind: every component is struck once, and every phase. */
export const sampleCases: Case[] = [
  { component: 'worker', phase: 'rollout' },
  { component: 'api', phase: 'upload' },
  { component: 'host-acme', phase: 'rollback' },
  { component: 'postgres', phase: 'scan' },
  { component: 'temporal', phase: 'review' },
  { component: 'signer', phase: 'rollback' },
];

/** All the others. */
export const remainingCases: Case[] = cases.filter(
  (each) => !sampleCases.some(({ component, phase }) => component === each.component && phase === each.phase),
);

/** Waiting takes this long where a component may be down and has to come back first. */
export const whileStruck = { seconds: 120 };

/** The release of one case, and the one blow that it gets. */
export interface Trial extends Case {
  real: RealStack;
  pluginId: string;
  /** Nobody else's component is down while `work` runs; it ends when the one that was struck is back. */
  exclusively<T>(work: (strike: () => void) => Promise<T>): Promise<T>;
}

/** What was seen of a rollout while one of its stages was running, right after the blow was healed. */
export interface Glimpse {
  stage: StageProgress;
  offeredTo: string[];
}

/** What was seen of a case, for the table and for the tests. */
export interface Observed extends Case {
  versionId: string;
  glimpse: Glimpse | undefined;
  killedAt: Date;
  backSeconds: number;
  seconds: number;
}

export const namePlugin = ({ component, phase }: Case): string => `com.example.faults.${component}-${phase}`;
