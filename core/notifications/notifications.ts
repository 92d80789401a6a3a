import { subjectKinds, type SubjectKind } from '../access';

/** Occasions on which somebody is told something. */
export const notificationKinds = [
  'version_listed',
  'install_failed',
  'rolled_back',
  'release_rejected',
  'sla_warning',
  'sla_breach',
  'evidence_missing',
  'workflow_restarted',
  'workflow_ended',
  'workflow_lost',
  'activity_retried',
  'containment_lost',
  'restricted',
  'restriction_lifted',
  'restriction_appealed',
  'appeal_answered',
  'token_leaked',
  'scanner_silent',
  'second_opinion',
  'install_trouble',
  'delivery_trouble',
  'install_digest',
] as const;

/** Whoever may have a token may be told something. Operators share one inbox. */
export const recipientKinds = subjectKinds;
export type RecipientKind = SubjectKind;
