import type { Knex } from 'knex';

const FUNCTION = 'language plpgsql set search_path = pg_catalog, public, pg_temp';
const IS_OWNER = `pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage')`;
const IS_EXEMPT = `${IS_OWNER} or pg_has_role(current_user, 'spillway_worker', 'usage')`;
const REFUSE = `using errcode = 'check_violation', constraint = 'proof_demanded'`;

/**
 * Whose token proves what, where that was too wide. A row that names nobody is proven by nobody's token. A rollout is
 * steered by who may steer; who may withhold versions pauses them, and so does a publisher what it has published,
 * because it stops them by revoking its key. What a key is, and until when, changes with its publisher's token or an
 * operator's.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create or replace function demand_proof() returns trigger ${FUNCTION} as $$
     declare
       named text := to_jsonb(new) ->> tg_argv[0];
     begin
       if ${IS_EXEMPT} then return new; end if;
       if tg_argv[0] <> '' and coalesce(named, '') = '' then
         raise exception 'The row says in nobody''s name what it does.' ${REFUSE};
       end if;
       if not is_proven(tg_argv[1] || coalesce(named, ''), tg_argv[2]) then
         raise exception 'No valid token of % was presented.',
           case tg_argv[0] when '' then 'an operator' else tg_argv[1] || named end ${REFUSE};
       end if;
       return new;
     end $$`,
  );
  await knex.raw('drop trigger rollout_commands_proven on rollout_commands');
  await knex.raw(
    `create function demand_steering() returns trigger ${FUNCTION} as $$
     declare
       publisher text;
     begin
       if ${IS_EXEMPT} then return new; end if;
       select 'publisher:' || publisher_id into publisher from public.releases where id = new.release_id;
       if new.actor <> '' and (is_proven(new.actor, 'rollout:steer')
          or new.action = 'pause' and (is_proven(new.actor, 'admin')
            or new.actor = publisher and is_proven(new.actor, 'plugin:publish'))) then
         return new;
       end if;
       raise exception 'No valid token of % was presented that may % this rollout.', new.actor, new.action ${REFUSE};
     end $$`,
  );
  await knex.raw(
    `create trigger rollout_commands_proven before insert on rollout_commands for each row
       execute function demand_steering()`,
  );
  await knex.raw(
    `create function demand_key_holder() returns trigger ${FUNCTION} as $$
     begin
       if ${IS_EXEMPT} or is_proven('publisher:' || new.publisher_id, 'plugin:publish') or is_proven('', 'admin') then
         return new;
       end if;
       raise exception 'No valid token of publisher:% was presented.', new.publisher_id ${REFUSE};
     end $$`,
  );
  await knex.raw(
    `create trigger publisher_keys_change_proven before update of armored, expires_at on publisher_keys for each row
       when (old.armored is distinct from new.armored or old.expires_at is distinct from new.expires_at)
       execute function demand_key_holder()`,
  );
}

/** The functions of before, which took more. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop trigger publisher_keys_change_proven on publisher_keys');
  await knex.raw('drop function demand_key_holder()');
  await knex.raw('drop trigger rollout_commands_proven on rollout_commands');
  await knex.raw('drop function demand_steering()');
  await knex.raw(
    `create trigger rollout_commands_proven before insert on rollout_commands for each row
       execute function demand_proof('actor', '', '')`,
  );
}
