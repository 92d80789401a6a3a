import type { Knex } from 'knex';

/** What each role may do with a table; what is not named, it may not. Owners and superusers need no grants. */
interface Grants {
  api?: string;
  worker?: string;
  publisher?: string;
}

const readByAll = { api: 'select', worker: 'select, insert, update', publisher: 'select' };

const granted: Record<string, Grants> = {
  publishers: { api: 'select, insert', worker: 'select', publisher: 'select' },
  publisher_keys: { api: 'select, insert, update (revoked_at)', worker: 'select', publisher: 'select' },
  tenants: { api: 'select, insert' },
  reviewers: { api: 'select, insert' },
  api_keys: { api: 'select, insert' },
  plugins: { api: 'select', worker: 'select, insert, update (id)', publisher: 'select' },
  versions: readByAll,
  // Only activities change a release's state; the API adds to its timeline.
  releases: { ...readByAll, api: 'select, update (timeline_seq, timeline_at)' },
  release_transitions: { worker: 'select, insert' },
  timeline: { api: 'select, insert', worker: 'select, insert', publisher: 'select' },
  scans: readByAll,
  review_queue: { ...readByAll, api: 'select, update (info)' },
  rollouts: readByAll,
  rollout_stages: { ...readByAll, api: 'select, update (installed, failed, rolled_back)' },
  feed_head: { api: 'select', worker: 'select, update' },
  feed: { api: 'select', worker: 'select, insert' },
  // The API reads and writes a tenant's rows as that tenant only, in the role spillway_tenant.
  subscriptions: { worker: 'select' },
  installations: { worker: 'select' },
  reports: { worker: 'select' },
  outbox: { api: 'select, insert', worker: 'select, insert, update' },
  notifications: { api: 'select', worker: 'select, insert', publisher: 'select' },
  // Nobody changes what was audited.
  audit: { api: 'select, insert', worker: 'select, insert' },
  rate_limits: { api: 'select, insert, update, delete' },
};

const sequences: Record<string, string> = {
  outbox_id_seq: 'spillway_api, spillway_worker',
  audit_id_seq: 'spillway_api, spillway_worker',
  release_transitions_id_seq: 'spillway_worker',
};

/** Roles belong to the cluster and may serve other databases: what is there stays as it is. */
async function ensureRole(knex: Knex, role: string): Promise<void> {
  if (await knex('pg_roles').where({ rolname: role }).first('oid')) return;
  // NOINHERIT: who may become a tenant's or publisher's role does not have its policies before that.
  await knex.raw(
    `do $$ begin create role ${role} nologin noinherit nosuperuser nocreatedb nocreaterole;
     exception when duplicate_object or unique_violation then null; end $$`,
  );
}

async function ensureMember(knex: Knex, role: string, member: string): Promise<void> {
  const known: unknown = await knex('pg_auth_members')
    .whereRaw('roleid = ?::regrole and member = ?::regrole', [role, member])
    .first('roleid');
  if (!known) await knex.raw('grant ?? to ??', [role, member]);
}

/**
 * The roles that processes connect as. They own nothing, are no superusers and bypass no policy; the API may
 * become a tenant or a publisher for one transaction. They cannot log in until they are given a password.
 */
export async function up(knex: Knex): Promise<void> {
  for (const role of ['spillway_api', 'spillway_worker', 'spillway_publisher']) await ensureRole(knex, role);
  await ensureMember(knex, 'spillway_tenant', 'spillway_api');
  await ensureMember(knex, 'spillway_publisher', 'spillway_api');
  await knex.raw('grant usage on schema public to spillway_api, spillway_worker, spillway_publisher');
  for (const [table, grants] of Object.entries(granted)) {
    for (const [role, privileges] of Object.entries(grants)) {
      await knex.raw(`grant ${privileges} on ?? to ??`, [table, `spillway_${role}`]);
    }
  }
  for (const [sequence, roles] of Object.entries(sequences)) {
    await knex.raw(`grant usage on sequence ?? to ${roles}`, [sequence]);
  }
}

/** The roles stay, as they belong to the cluster; only what they may do here ends. */
export async function down(knex: Knex): Promise<void> {
  const roles = 'spillway_api, spillway_worker, spillway_publisher';
  await knex.raw(`revoke all on all tables in schema public from ${roles}`);
  await knex.raw(`revoke all on all sequences in schema public from ${roles}`);
  await knex.raw(`revoke all on schema public from ${roles}`);
}
