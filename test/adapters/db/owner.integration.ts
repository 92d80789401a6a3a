import { connect } from '../../../adapters/db/connect';
import { registerIdentity } from '../../../adapters/db/identity/identities';
import { migrate, unmigrate } from '../../../adapters/db/migrate';
import { migrations } from '../../../adapters/db/migrations';
import { processRoles, setPasswords } from '../../../adapters/db/processRoles';
import { admitSettingsToken } from '../../../adapters/db/identity/settingsToken';
import { asBearer, inTenant } from '../../../adapters/db/transaction';
import { toProof } from '../../../adapters/identity/tokenHash';
import { asRole, query } from '../../../infra/postgres/cluster';
import { withThrowawayPostgres } from '../../../infra/postgres/throwaway';
import { origin, TODAY } from '../../support/builders/submission';
import { subscribe } from '../../support/builders/identities';

const names = migrations.map(({ name }) => name);
const OWNER = 'house';
const TOKEN = 'spwops_of-the-settings-0123456789';

/** A cluster without any role of the product, and a database whose owner has nothing but `createrole`. */
async function createOwnedDatabase(adminUrl: string): Promise<string> {
  await query(adminUrl, `create role ${OWNER} login createrole password 'owner'`);
  await query(adminUrl, `create database spillway owner ${OWNER}`);
  const url = new URL(asRole(adminUrl, OWNER, 'owner'));
  url.pathname = '/spillway';
  return url.href;
}

async function expectProcessesWork(url: string): Promise<void> {
  const owner = connect(url, { applicationName: 'test-owner' });
  await setPasswords(owner, { api: 'secret-a', worker: 'secret-w' });
  const api = connect(asRole(url, processRoles.api, 'secret-a'), { applicationName: 'test-api' });
  const worker = connect(asRole(url, processRoles.worker, 'secret-w'), { applicationName: 'test-worker' });
  try {
    const operator = { kind: 'operator' as const, id: 'admin', scopes: ['admin'] };
    expect(await admitSettingsToken(owner, TOKEN, operator, new Date())).toMatch(/^(admitted|known)$/);
    const acme = { kind: 'tenant' as const, id: 'acme', name: 'Acme' };
    await asBearer(api, toProof(TOKEN), (trx) => registerIdentity(trx, acme, origin, TODAY));
    await subscribe(api, ['acme'], 'demo-plugin');
    expect(await inTenant(api, 'acme', (trx) => trx('subscriptions').pluck('tenant_id'))).toEqual(['acme']);
    expect(await inTenant(api, 'globex', (trx) => trx('subscriptions').pluck('tenant_id'))).toEqual([]);
    expect(await worker('subscriptions').pluck('tenant_id')).toEqual(['acme']);
    await expect(api('subscriptions').first()).rejects.toThrow(/permission denied/);
  } finally {
    await Promise.all([owner.destroy(), api.destroy(), worker.destroy()]);
  }
}

test('an owner with nothing but CREATEROLE migrates, makes the roles and lets the processes log in', async () => {
  await withThrowawayPostgres(async (adminUrl) => {
    const url = await createOwnedDatabase(adminUrl);
    expect(await migrate(url)).toEqual(names);
    await expectProcessesWork(url);
    const [role] = await query(
      adminUrl,
      `select rolsuper as super, rolbypassrls as bypass from pg_roles where rolname = '${OWNER}'`,
    );
    expect(role).toEqual({ super: false, bypass: false });
    // The roles stay when the migrations are taken back, and are taken up by the next ones.
    expect(await unmigrate(url)).toEqual(names.toReversed());
    expect(await migrate(url)).toEqual(names);
    await expectProcessesWork(url);
  });
});

test('an owner without CREATEROLE is told so before anything is changed', async () => {
  await withThrowawayPostgres(async (adminUrl) => {
    const url = await createOwnedDatabase(adminUrl);
    await query(adminUrl, `alter role ${OWNER} nocreaterole`);
    await expect(migrate(url)).rejects.toThrow(/permission denied to create role/);
    const tables = await query(url, `select 1 from pg_class where relname = 'publishers'`);
    expect(tables).toEqual([]);
  });
});
