import { bigint, json, moment, nullable, text } from '../columns';

export const audit = {
  id: bigint,
  key: text,
  at: moment,
  actor: text,
  action: text,
  subject: text,
  from_state: nullable(text),
  to_state: nullable(text),
  request_id: text,
  data: json<Record<string, unknown>>(),
};
