import { subjectKinds } from '../../../core/access';
import { revocationReasons } from '../../../core/identity/keys';
import { tokenEndings } from '../../../core/identity/tokens';
import { boolean, bytes, moment, nullable, oneOf, text, texts, uuid } from '../columns';

const named = { id: text, name: text, created_at: moment };

export const publishers = named;
export const tenants = { ...named, trust_key: text };
export const reviewers = named;

export const publisher_keys = {
  fingerprint: text,
  publisher_id: text,
  armored: text,
  expires_at: nullable(moment),
  revoked_at: nullable(moment),
  created_at: moment,
  revoked_reason: nullable(oneOf(revocationReasons)),
  revoked_by: nullable(text),
  revocation_note: nullable(text),
};

export const key_challenges = {
  publisher_id: text,
  fingerprint: text,
  nonce: nullable(text),
  nonce_expires_at: nullable(moment),
  approved_by: nullable(text),
  approved_until: nullable(moment),
  created_at: moment,
};

export const api_keys = {
  id: uuid,
  token_hash: bytes,
  prefix: text,
  subject_kind: oneOf(subjectKinds),
  subject_id: text,
  scopes: texts,
  created_at: moment,
  expires_at: nullable(moment),
  revoked_at: nullable(moment),
  person: nullable(text),
  last_used_at: nullable(moment),
  from_settings: boolean,
  revoked_reason: nullable(oneOf(tokenEndings)),
  revoked_by: nullable(text),
};
