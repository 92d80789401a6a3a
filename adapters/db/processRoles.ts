import type { Knex } from 'knex';

/** The roles that processes connect as; migrations make them, without a password. */
export const processRoles = {
  api: 'spillway_api',
  worker: 'spillway_worker',
  signer: 'spillway_signer',
} as const;
export type ProcessName = keyof typeof processRoles;

/**
 * Lets processes log in with these passwords; a role without one stays as it is. Needs an owner that may
 * change roles, so whoever keeps roles by other means gives no passwords here.
 */
export async function setPasswords(
  knex: Knex,
  passwords: Readonly<Partial<Record<ProcessName, string | undefined>>>,
): Promise<void> {
  for (const [name, role] of Object.entries(processRoles) as [ProcessName, string][]) {
    const password = passwords[name];
    if (password !== undefined) await setPassword(knex, role, password);
  }
}

/** The password travels as a value, so that a log of statements does not show it. */
const setPassword = (knex: Knex, role: string, password: string): Promise<void> =>
  knex.transaction(async (trx) => {
    await trx.raw(`select set_config('spillway.password', ?, true)`, [password]);
    await trx.raw(`do $$ begin
      execute format('alter role ${role} login password %L', current_setting('spillway.password'));
    end $$`);
  });
