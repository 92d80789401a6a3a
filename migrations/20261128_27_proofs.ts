import type { Knex } from 'knex';

const IS_OWNER = (table: string): string =>
  `pg_has_role(current_user, (select relowner from pg_class where oid = ${table}), 'usage')`;

/** What the API may write down of a restriction; whether hosts were told of it is the worker's to say. */
const IMPOSED = [
  ...['id', 'kind', 'subject_kind', 'subject_id', 'publisher_id', 'reason', 'imposed_by', 'imposed_at'],
  ...['expires_at', 'cause', 'lifted_at'],
].join(', ');

/** Which rows speak in somebody's name: the column that says in whose, what stands before it, and the token's scope. */
const proven: {
  name: string;
  table: string;
  event: string;
  actor: string;
  scope?: string;
  prefix?: string;
}[] = [
  {
    ...{ name: 'review_decisions_proven', table: 'review_decisions', event: 'insert on review_decisions' },
    ...{ actor: 'actor', scope: 'review:decide' },
  },
  {
    name: 'rollout_commands_proven',
    table: 'rollout_commands',
    event: 'insert on rollout_commands',
    actor: 'actor',
  },
  {
    ...{ name: 'submissions_proven', table: 'submissions', event: 'insert on submissions' },
    ...{ actor: 'publisher_id', prefix: 'publisher:', scope: 'plugin:publish' },
  },
  {
    ...{ name: 'publisher_keys_proven', table: 'publisher_keys', event: 'insert on publisher_keys' },
    ...{ actor: 'publisher_id', prefix: 'publisher:', scope: 'plugin:publish' },
  },
  {
    ...{
      name: 'restrictions_lift_proven',
      table: 'restrictions',
      event: 'update of lifted_at on restrictions',
    },
    ...{ actor: 'lifted_by', scope: 'admin' },
  },
  {
    ...{
      name: 'restrictions_answer_proven',
      table: 'restrictions',
      event: 'update of answered_at on restrictions',
    },
    ...{ actor: 'answered_by', scope: 'admin' },
  },
  // A new token speaks for whoever issued it, whom the row does not name: any operator.
  { name: 'api_keys_proven', table: 'api_keys', event: 'insert on api_keys', actor: '', scope: 'admin' },
];

/**
 * What is done in a person's name is shown to have come with that person's token. A transaction of the API presents a
 * proof, the SHA-256 of the token; the table keeps the SHA-256 of the proof. So the API's role alone, which reads the
 * table, writes nothing in anybody's name. The owner of the tables and the worker, which lifts what has expired, are not
 * asked. The functions run with the rights of whoever writes, and look only where nobody but the owner makes tables.
 */
export async function up(knex: Knex): Promise<void> {
  await asOwner(knex, () => knex.raw('update api_keys set token_hash = sha256(token_hash)'));
  await knex.raw(
    `create function is_proven(actor text, scope text) returns boolean language sql stable
       set search_path = pg_catalog, public, pg_temp as $$
       select exists (
         select 1 from public.api_keys
         where token_hash = sha256(decode(nullif(current_setting('spillway.proof', true), ''), 'hex'))
           and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
           and (actor = '' or actor = subject_kind || ':' || subject_id)
           and (scope = '' or scope = any(scopes))) $$`,
  );
  await knex.raw(
    `create function demand_proof() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
     declare
       actor text := tg_argv[1] || coalesce(to_jsonb(new) ->> tg_argv[0], '');
     begin
       if not (${IS_OWNER('tg_relid')} or pg_has_role(current_user, 'spillway_worker', 'usage'))
          and not is_proven(actor, tg_argv[2]) then
         raise exception 'No valid token of % was presented.', case actor when '' then 'an operator' else actor end
           using errcode = 'check_violation', constraint = 'proof_demanded';
       end if;
       return new;
     end $$`,
  );
  for (const { name, event, actor, prefix = '', scope = '' } of proven)
    await knex.raw(
      `create trigger ${name} before ${event} for each row execute function demand_proof('${actor}', '${prefix}', '${scope}')`,
    );
  await refuseReturns(knex);
  await knex.raw(
    `alter table review_decisions add constraint review_decisions_reviewer
       check (reviewer = substr(actor, strpos(actor, ':') + 1))`,
  );
  await knex.raw(
    `alter table restrictions add constraint restrictions_revocation_withholds
       check (cause <> 'revocation' or (kind = 'quarantine' and subject_kind = 'key'))`,
  );
  await knex.raw('revoke insert on restrictions from spillway_api');
  await knex.raw(`grant insert (${IMPOSED}) on restrictions to spillway_api`);
  for (const [table, action] of [
    ['api_keys', 'all'],
    ['audit', 'insert'],
  ] as const)
    await knex.raw(
      `create policy owner on ${table} for ${action} ${action === 'all' ? `using (${IS_OWNER(`'${table}'::regclass`)})` : ''}
         with check (${IS_OWNER(`'${table}'::regclass`)})`,
    );
}

/** A token that was ended speaks for nobody again. */
async function refuseReturns(knex: Knex): Promise<void> {
  await knex.raw(
    `create function refuse_return() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
     begin
       if ${IS_OWNER('tg_relid')} then return new; end if;
       raise exception 'The token % was ended.', old.id
         using errcode = 'check_violation', constraint = 'api_keys_end_lasts';
     end $$`,
  );
  await knex.raw(
    `create trigger api_keys_end_lasts before update of revoked_at on api_keys for each row
       when (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at)
       execute function refuse_return()`,
  );
}

async function asOwner(knex: Knex, work: () => PromiseLike<unknown>): Promise<void> {
  await knex.raw('alter table api_keys no force row level security');
  await work();
  await knex.raw('alter table api_keys force row level security');
}

/** Tokens that were issued before have to be issued again: what was hashed stays so. */
export async function down(knex: Knex): Promise<void> {
  for (const table of ['api_keys', 'audit']) await knex.raw('drop policy owner on ??', [table]);
  await knex.raw('grant insert on restrictions to spillway_api');
  await knex.raw('alter table restrictions drop constraint restrictions_revocation_withholds');
  await knex.raw('alter table review_decisions drop constraint review_decisions_reviewer');
  await knex.raw('drop trigger api_keys_end_lasts on api_keys');
  await knex.raw('drop function refuse_return()');
  for (const { name, table } of proven) await knex.raw('drop trigger ?? on ??', [name, table]);
  await knex.raw('drop function demand_proof()');
  await knex.raw('drop function is_proven(text, text)');
}
