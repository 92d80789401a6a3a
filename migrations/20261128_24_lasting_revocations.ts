import type { Knex } from 'knex';

/** A key that was only superseded or retired signed in good faith; anything else may become that no more. */
const inGoodFaith = (row: string): string =>
  `coalesce(${row}.revoked_reason, '') in ('superseded', 'retired')`;

/**
 * A revocation is never taken back, and what it withholds is never given free: the database refuses both, whoever
 * asks. The API may revoke keys and lift what operators imposed, and could do the reverse of the one with the
 * rights for it and end what a revocation imposed with the rights for the other.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create function refuse_unrevoking() returns trigger language plpgsql as $$
     begin
       raise exception 'The revocation of the key % is never taken back.', old.fingerprint
         using errcode = 'check_violation', constraint = 'publisher_keys_revocation_lasts';
     end $$`,
  );
  await knex.raw(
    `create trigger publisher_keys_revocation_lasts before update on publisher_keys for each row
       when (old.revoked_at is not null
         and (new.revoked_at is null or (not ${inGoodFaith('old')} and ${inGoodFaith('new')})))
       execute function refuse_unrevoking()`,
  );
  await knex.raw(
    `alter table restrictions add constraint restrictions_revocation_lasts
       check (cause <> 'revocation' or (lifted_at is null and expires_at is null))`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table restrictions drop constraint restrictions_revocation_lasts');
  await knex.raw('drop trigger publisher_keys_revocation_lasts on publisher_keys');
  await knex.raw('drop function refuse_unrevoking()');
}
