import { channels } from '../../../contracts/plugin';
import type { Manifest } from '../../../contracts/releases/manifest';
import type { Receipt, UploadPartInput } from '../../../contracts/releases/publish';
import type { RolloutInput } from '../../../contracts/releases/rolloutInput';
import type { Problem } from '../../../core/errors/errors';
import type { NameFinding } from '../../../core/releases/nameFindings';
import type { RolloutPlan } from '../../../core/releases/rolloutPlan';
import {
  restrictionCauses,
  restrictionKinds,
  restrictionSubjects,
} from '../../../core/releases/restrictions';
import { releaseStates } from '../../../core/releases/state';
import { timelineKinds } from '../../../core/releases/timeline';
import { bigint, boolean, integer, json, moment, nullable, oneOf, text, texts, uuid } from '../columns';

export const plugins = {
  id: text,
  publisher_id: text,
  name: text,
  created_at: moment,
  reserved_until: moment,
  verified_at: nullable(moment),
  skeleton: nullable(text),
  name_skeleton: nullable(text),
  near: nullable(texts),
};

export const versions = {
  id: text,
  plugin_id: text,
  version: text,
  channel: oneOf(channels),
  manifest: json<Manifest>(),
  notes: text,
  notes_source: text,
  package_sha256: text,
  package_bytes: bigint,
  manifest_digest: text,
  signed_by: nullable(text),
  object_key: text,
  created_at: moment,
  listed_at: nullable(moment),
  withdrawn_at: nullable(moment),
};

export const releases = {
  id: uuid,
  version_id: text,
  submission: integer,
  publisher_id: text,
  publish_request_id: uuid,
  submission_digest: text,
  publish_id: text,
  state: oneOf(releaseStates),
  submitted_by: text,
  submitted_at: moment,
  updated_at: moment,
  receipt: json<Receipt>(),
  parts: json<UploadPartInput[]>(),
  rollout_input: nullable(json<RolloutInput>()),
  problems: json<Problem[]>(),
  timeline_seq: integer,
  timeline_at: nullable(moment),
  verified_sha256: nullable(text),
  plan: nullable(json<RolloutPlan>()),
  rollout_salt: nullable(text),
  previous_version: nullable(text),
  upload_deadline: moment,
  upload_aborted_by: nullable(text),
  upload_aborted_at: nullable(moment),
  upload_abort_request: nullable(text),
  name_findings: json<NameFinding[]>(),
  name_turn: nullable(integer),
  withdraw_asked_by: nullable(text),
  withdraw_asked_at: nullable(moment),
  withdraw_request: nullable(text),
  withdraw_reason: nullable(text),
};

export const release_transitions = {
  id: bigint,
  release_id: uuid,
  seq: integer,
  from_state: oneOf(releaseStates),
  to_state: oneOf(releaseStates),
  at: moment,
  actor: text,
  request_id: text,
  reason: nullable(text),
};

export const timeline = {
  release_id: uuid,
  seq: integer,
  key: text,
  kind: oneOf(timelineKinds),
  text: text,
  actor: text,
  data: json<Record<string, unknown>>(),
  at: moment,
};

export const restrictions = {
  id: uuid,
  kind: oneOf(restrictionKinds),
  subject_kind: oneOf(restrictionSubjects),
  subject_id: text,
  publisher_id: text,
  reason: text,
  imposed_by: text,
  imposed_at: moment,
  expires_at: nullable(moment),
  appeal: nullable(text),
  appealed_at: nullable(moment),
  lifted_by: nullable(text),
  lift_reason: nullable(text),
  lifted_at: nullable(moment),
  imposed_told: boolean,
  lifted_told: boolean,
  cause: oneOf(restrictionCauses),
  appeal_answer: nullable(text),
  answered_by: nullable(text),
  answered_at: nullable(moment),
};

export const check_turns = {
  release_id: uuid,
  check_name: text,
  publisher_id: text,
  held_by: nullable(uuid),
  expires_at: moment,
};

export const submissions = {
  id: uuid,
  publisher_id: text,
  submission_digest: text,
  actor: text,
  request_id: text,
  submitted_at: moment,
  expires_at: moment,
};
