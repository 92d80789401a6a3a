import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { toRow } from '../../../adapters/db/identity/tokens';
import { toProof } from '../../../adapters/identity/tokenHash';
import { defaultScopes, parseActor } from '../../../core/access';
import type { RowOf } from '../../../adapters/db/tables';

/** Gives an actor such as `operator:ada` a token, as the owner of the tables; returns what shows the database that one has it. */
export async function giveProof(
  owner: Knex,
  actor: string,
  over: Partial<RowOf<'api_keys'>> = {},
): Promise<string> {
  const subject = parseActor(actor);
  if (!subject) throw new Error(`${actor} is nobody.`);
  const token = `token of ${actor} ${randomUUID()}`;
  const row = toRow(token, { ...subject, scopes: [...defaultScopes[subject.kind]] }, new Date());
  await owner('api_keys').insert({ ...row, ...over });
  return toProof(token);
}
