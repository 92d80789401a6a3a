import { hasTexts, isObject } from '../messages';

const isDuration = (value: unknown): boolean =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 10 * 365 * 24 * 3_600_000;

const isStage = (value: unknown): boolean => isObject(value) && isDuration(value.durationMs);

/**
 * Whether a message has what a rollout reads of its order before it asks for the first step. Each step is held
 * against the recorded plan.
 */
export const isRolloutOrder = (value: unknown): boolean =>
  hasTexts(value, ['releaseId', 'versionId', 'pluginId', 'version']) &&
  hasTexts(value.origin, ['actor', 'requestId']) &&
  isObject(value.plan) &&
  isObject(value.plan.gate) &&
  Array.isArray(value.plan.stages) &&
  value.plan.stages.length <= 50 &&
  value.plan.stages.every(isStage);
