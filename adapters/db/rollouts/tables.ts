import { rolloutActions } from '../../../core/rollouts/commands';
import { rolloutStates, type RolloutPlan } from '../../../core/releases/rolloutPlan';
import type { OfferRule } from '../../../core/rollouts/cohort';
import { feedKinds } from '../../../core/rollouts/feedKinds';
import { opinionStates } from '../../../core/rollouts/opinionStates';
import { stageVerdicts } from '../../../core/rollouts/verdict';
import { bigint, boolean, integer, json, moment, nullable, oneOf, text, uuid } from '../columns';

export const rollouts = {
  version_id: text,
  release_id: uuid,
  plugin_id: text,
  salt: text,
  basis_points: integer,
  stage: integer,
  state: oneOf(rolloutStates),
  plan: json<RolloutPlan>(),
  previous_version: nullable(text),
  stage_ends_at: nullable(moment),
  updated_at: moment,
};

export const rollout_stages = {
  version_id: text,
  stage: integer,
  basis_points: integer,
  started_at: moment,
  ends_at: moment,
  ended_at: nullable(moment),
  verdict: nullable(oneOf(stageVerdicts)),
  cohort: integer,
  installed: integer,
  failed: integer,
  rolled_back: integer,
};

export const trouble_counts = {
  version_id: text,
  stage: integer,
  code: text,
  tenants: integer,
};

export const feed_head = { only: boolean, revision: bigint };

export const feed = {
  revision: bigint,
  key: text,
  version_id: text,
  kind: oneOf(feedKinds),
  rule: json<OfferRule>(),
  stage: integer,
  previous_version: nullable(text),
  at: moment,
  narrowed: boolean,
  turn_tenant: nullable(text),
};

export const second_opinions = {
  version_id: text,
  stage: integer,
  state: oneOf(opinionStates),
  tenant_id: nullable(text),
  installed_before: integer,
  opened_at: moment,
  changed_at: moment,
};

export const second_opinion_turns = {
  version_id: text,
  turn: integer,
  tenant_id: text,
  asked_at: moment,
  ends_at: moment,
};

export const rollout_commands = {
  id: uuid,
  release_id: uuid,
  action: oneOf(rolloutActions),
  actor: text,
  request_id: text,
  given_at: moment,
  expires_at: moment,
  taken_at: nullable(moment),
};
