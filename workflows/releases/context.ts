import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Problem } from '../../core/errors/errors';
import { searchAttributes } from '../../core/ids';
import { isStageChange } from '../../core/releases/messages';
import type { ReleaseState } from '../../core/releases/state';
import type { Origin } from '../../contracts/audit/origin';
import type {
  ReleaseStart,
  StageChange,
  StageProgress,
  StatusEntry,
} from '../../contracts/releases/messages';
import type { CheckedRelease } from '../../activities/releases/types';
import { handleSignal, invalidMessage } from '../messages';
import { releaseRecords } from './effects';
import { stageChanged, stageQuery, stateQuery, timelineQuery } from './messages';

/** What a release knows while it runs; queries and the Temporal UI show it. */
export interface ReleaseContext {
  state: ReleaseState;
  waitingFor: string;
  release: CheckedRelease | undefined;
  /** Another run had begun the release: what it did is on record. */
  resumes: boolean;
  stage: StageProgress | null;
  slaDeadline: string | undefined;
  history: StatusEntry[];
  /** Nothing more will happen: updates that still wait are answered. */
  hasEnded: boolean;
}

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const attributes = {
  pluginId: keyword(searchAttributes.pluginId),
  version: keyword(searchAttributes.pluginVersion),
  channel: keyword(searchAttributes.channel),
  state: keyword(searchAttributes.state),
  stage: defineSearchAttributeKey(searchAttributes.stage, SearchAttributeType.INT),
  percentage: defineSearchAttributeKey(searchAttributes.percentage, SearchAttributeType.DOUBLE),
  slaDeadline: defineSearchAttributeKey(searchAttributes.slaDeadline, SearchAttributeType.DATETIME),
};

/** Opens the context of a release: search attributes, queries, and the signal by which its rollout reports. */
export function openReleaseContext({ request }: ReleaseStart): ReleaseContext {
  const context: ReleaseContext = {
    state: 'draft',
    waitingFor: 'registration',
    release: undefined,
    resumes: false,
    stage: null,
    slaDeadline: undefined,
    history: [],
    hasEnded: false,
  };
  upsertSearchAttributes([
    { key: attributes.pluginId, value: request.pluginId },
    { key: attributes.version, value: request.version },
    { key: attributes.channel, value: request.channel },
    { key: attributes.state, value: context.state },
  ]);
  setHandler(stateQuery, () => ({
    state: context.state,
    releaseId: context.release?.releaseId,
    waitingFor: context.waitingFor,
  }));
  setHandler(stageQuery, () => context.stage);
  setHandler(timelineQuery, () => context.history);
  setHandler(stageChanged, (change) => handleSignal('stageChanged', () => showStage(context, change)));
  return context;
}

/** Shows how far the rollout is. Only that: where the release itself stands, its own steps read from the records. */
function showStage(context: ReleaseContext, change: unknown): void {
  if (!isStageChange(change)) throw invalidMessage('stageChanged');
  const { releaseState, stage } = change as StageChange;
  context.state = releaseState;
  context.stage = stage;
  publishStatus(context, `rollout stage ${stage.stage} (${stage.state})`);
}

/** Publishes what the release waits for: to its queries, its search attributes and the Temporal UI. */
export function publishStatus(context: ReleaseContext, waitingFor: string): void {
  context.waitingFor = waitingFor;
  context.history.push({ at: new Date(Date.now()).toISOString(), text: `${context.state}: ${waitingFor}` });
  const { stage, slaDeadline } = context;
  upsertSearchAttributes([
    { key: attributes.state, value: context.state },
    ...(stage ? [{ key: attributes.stage, value: stage.stage }] : []),
    ...(stage ? [{ key: attributes.percentage, value: stage.basisPoints / 100 }] : []),
    ...(slaDeadline ? [{ key: attributes.slaDeadline, value: new Date(slaDeadline) }] : []),
  ]);
  setCurrentDetails(describeStatus(context));
}

function describeStatus({ state, waitingFor, stage, slaDeadline, release }: ReleaseContext): string {
  const paragraphs = [
    `**${release?.versionId ?? 'Release'}** (${release?.channel ?? 'not registered'}): **${state}**`,
    `Waiting for: ${waitingFor}`,
    stage ? `Rollout: stage ${stage.stage} of ${stage.stages}, ${stage.basisPoints / 100}% of tenants` : '',
    slaDeadline ? `Review due: ${slaDeadline}` : '',
  ];
  return paragraphs.filter(Boolean).join('\n\n');
}

/** Changes the release's state in the database, then here. The change names both ends. */
export async function transition(
  context: ReleaseContext,
  to: ReleaseState,
  waitingFor: string,
  cause: { origin?: Origin; reason?: string; problems?: Problem[] } = {},
): Promise<void> {
  const release = requireRelease(context);
  const { origin = release.origin, ...rest } = cause;
  const { releaseId } = release;
  await releaseRecords.changeState({ releaseId, from: context.state, to, ...origin, ...rest });
  context.state = to;
  publishStatus(context, waitingFor);
}

/**
 * The registered release.
 *
 * @throws TypeError before there is one, which is a bug in the order of the steps
 */
export function requireRelease({ release }: ReleaseContext): CheckedRelease {
  if (!release) throw new TypeError('The release is not registered yet.');
  return release;
}
