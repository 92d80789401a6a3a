import type { QueueEntry } from '../../../contracts/reviews/queue';
import { reviewDecisions, reviewStates } from '../../../core/reviews/states';
import { json, moment, nullable, oneOf, real, text, uuid } from '../columns';

export const review_queue = {
  id: uuid,
  release_id: uuid,
  state: oneOf(reviewStates),
  opened_at: nullable(moment),
  sla_deadline: nullable(moment),
  sla_level: real,
  decided_at: nullable(moment),
  decision: nullable(oneOf(reviewDecisions)),
  reviewer: nullable(text),
  notes: nullable(text),
  info: json<QueueEntry['info']>(),
};

export const review_decisions = {
  id: uuid,
  release_id: uuid,
  decision: oneOf(reviewDecisions),
  reviewer: text,
  actor: text,
  request_id: text,
  notes: text,
  package_sha256: text,
  decided_at: moment,
  expires_at: moment,
  taken_at: nullable(moment),
};
