import { moment, nullable, text } from '../columns';

export const signed_files = { name: text, body: text, signed_at: moment, replaced_at: nullable(moment) };
