import { hasTexts, isObject, isUuid } from '../messages';
import { releaseStates } from './state';

/**
 * Whether a message has what a release reads of a submission. The content itself is held against the recorded
 * digest before anything is registered.
 */
export const isSubmission = (value: unknown): boolean =>
  hasTexts(value, ['publisherId', 'submissionDigest', 'callId', 'actor', 'requestId']) &&
  hasTexts(value.request, ['pluginId', 'version', 'channel', 'publishRequestId']);

/** Whether a message has what a run reads that takes up a release; the rest it reads from the release's rows. */
export const isResumption = (value: unknown): boolean =>
  hasTexts(value, ['publisherId', 'submissionDigest']) &&
  isUuid(value.resumes) &&
  hasTexts(value.request, ['pluginId', 'version', 'channel', 'publishRequestId']);

const isCount = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 10_000;

/** Whether a message has what a release shows of its rollout. */
export const isStageChange = (value: unknown): boolean =>
  isObject(value) &&
  (releaseStates as readonly unknown[]).includes(value.releaseState) &&
  hasTexts(value.stage, ['state']) &&
  [value.stage.stage, value.stage.stages, value.stage.basisPoints].every(isCount);
