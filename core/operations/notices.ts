import type { Notice } from '../notifications/notice';
import type { ReleaseState } from '../releases/state';

interface Subject {
  pluginId: string;
  versionId: string;
}

/** What a program says of itself is cut: a notice is read, not searched. */
const LONGEST_MESSAGE = 1_000;

const toHigh = ({ pluginId, versionId }: Subject) => ({
  ...{ pluginId, versionId, upgrade: null, priority: 'high' as const },
});

/** Why a release was started again, by what was found of its workflows. */
const findings = {
  absent: 'was not running although the release is on its way',
  reset: 'had been reset to an earlier point',
  foreign: 'had been replaced by another one',
  held: 'was kept from going on: it or one of its steps was paused, pinned to other workers, or sent to another queue',
  running: 'had lost its rollout',
} as const;

/** To the operators: a release's workflow was lost, so somebody may be ending workflows in the engine. */
export const workflowRestarted = (
  subject: Subject,
  { state, found }: { state: ReleaseState; found: keyof typeof findings },
): Notice<'workflow_restarted'> => ({
  ...toHigh(subject),
  kind: 'workflow_restarted',
  title: 'A workflow was started again from the records',
  message: `The workflow of ${subject.versionId} ${findings[found]}. It was started again, and the release goes on from ${state}.`,
});

/** To the operators: something ran in the engine that no release needs. */
export const workflowEnded = (subject: Subject): Notice<'workflow_ended'> => ({
  ...toHigh(subject),
  kind: 'workflow_ended',
  title: 'A workflow that no release needs was ended',
  message: `The records of ${subject.versionId} do not need a workflow that was running. It was ended; nothing it did counts.`,
});

/** To the operators: a step fails for as long as nobody mends its cause. */
export const activityRetried = (
  retried: Subject & { workflowId: string; step: string; attempt: number },
): Notice<'activity_retried'> => ({
  ...toHigh(retried),
  kind: 'activity_retried',
  title: 'A step is tried again and again',
  message: `The step ${retried.step} of ${retried.versionId} is being tried for the ${retried.attempt}th time, and is tried until it succeeds. Look for its failure at the pending activities of ${retried.workflowId} in the Temporal UI.`,
});

/** To the operators: starting it again does not help. */
export const workflowLost = (
  subject: Subject,
  { state, restarts }: { state: ReleaseState; restarts: number },
): Notice<'workflow_lost'> => ({
  ...toHigh(subject),
  kind: 'workflow_lost',
  title: 'A workflow keeps being lost',
  message: `The workflow of ${subject.versionId} was started again ${restarts} times within an hour and is lost again. The release stays ${state}; look at who may write to Temporal. It is tried again within the hour.`,
});

/** To the operators: a worker's sandbox was strong when the worker started, and is not any more. */
export const containmentLost = ({
  driver,
  detail,
}: {
  driver: string;
  detail: string;
}): Omit<Notice<'containment_lost'>, 'pluginId' | 'versionId'> & { pluginId: null; versionId: null } => ({
  ...{ pluginId: null, versionId: null, upgrade: null, priority: 'high' },
  kind: 'containment_lost',
  title: 'A worker has lost its sandbox',
  message:
    `A worker could contain hostile code when it started and cannot any more (${driver}). No trial installation runs there, and releases wait, until its sandbox holds again. ${detail}`.slice(
      0,
      LONGEST_MESSAGE,
    ),
});
