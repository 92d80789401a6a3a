import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Problem } from '../../core/errors/errors';
import { searchAttributes } from '../../core/ids';
import type { ReleaseState } from '../../core/releases/state';
import type { Origin, StageView, StepView, Submission } from '../../contracts/workflowMessages';
import type { CheckedRelease } from '../../activities/types';
import { records } from '../effects';
import { stageMoved, stageQuery, stateQuery, timelineQuery } from '../messages';

/** What a release remembers while it runs; queries and the Temporal UI show it. */
export interface Line {
  state: ReleaseState;
  waitingFor: string;
  release: CheckedRelease | undefined;
  stage: StageView | null;
  slaDeadline: string | undefined;
  steps: StepView[];
  /** Nothing more will happen: whoever still waits for an answer gets one. */
  isOver: boolean;
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

/** Opens the line of a submission: its attributes, its queries, and the stages that its rollout tells. */
export function openLine({ request }: Submission): Line {
  const line: Line = {
    state: 'draft',
    waitingFor: 'registration',
    release: undefined,
    stage: null,
    slaDeadline: undefined,
    steps: [],
    isOver: false,
  };
  upsertSearchAttributes([
    { key: attributes.pluginId, value: request.pluginId },
    { key: attributes.version, value: request.version },
    { key: attributes.channel, value: request.channel },
    { key: attributes.state, value: line.state },
  ]);
  setHandler(stateQuery, () => ({
    state: line.state,
    releaseId: line.release?.releaseId,
    waitingFor: line.waitingFor,
  }));
  setHandler(stageQuery, () => line.stage);
  setHandler(timelineQuery, () => line.steps);
  setHandler(stageMoved, (moved) => {
    line.state = moved.releaseState;
    line.stage = moved.stage;
    show(line, `stage ${moved.stage.stage} is ${moved.stage.state}`);
  });
  return line;
}

/** Says what the release waits for, and tells it to whoever looks at the Temporal UI. */
export function show(line: Line, waitingFor: string): void {
  line.waitingFor = waitingFor;
  line.steps.push({ at: new Date(Date.now()).toISOString(), text: `${line.state}: ${waitingFor}` });
  const { stage, slaDeadline } = line;
  upsertSearchAttributes([
    { key: attributes.state, value: line.state },
    ...(stage ? [{ key: attributes.stage, value: stage.stage }] : []),
    ...(stage ? [{ key: attributes.percentage, value: stage.basisPoints / 100 }] : []),
    ...(slaDeadline ? [{ key: attributes.slaDeadline, value: new Date(slaDeadline) }] : []),
  ]);
  setCurrentDetails(details(line));
}

function details({ state, waitingFor, stage, slaDeadline, release }: Line): string {
  const lines = [
    `**${release?.versionId ?? 'release'}** (${release?.channel ?? 'unregistered'}) is **${state}**`,
    `Waiting for: ${waitingFor}`,
    stage ? `Rollout: stage ${stage.stage} of ${stage.stages}, ${stage.basisPoints / 100} % of tenants` : '',
    slaDeadline ? `Review due: ${slaDeadline}` : '',
  ];
  return lines.filter(Boolean).join('\n\n');
}

/** Changes the release's state in the database, then here. Names both ends. */
export async function move(
  line: Line,
  to: ReleaseState,
  waitingFor: string,
  why: { origin?: Origin; reason?: string; problems?: Problem[] } = {},
): Promise<void> {
  const release = registered(line);
  const { origin = release.origin, ...rest } = why;
  await records.changeState({ releaseId: release.releaseId, from: line.state, to, ...origin, ...rest });
  line.state = to;
  show(line, waitingFor);
}

/** The registered release; asking before there is one is a mistake of ours. */
export function registered(line: Line): CheckedRelease {
  if (!line.release) throw new TypeError('The release is not registered yet.');
  return line.release;
}
