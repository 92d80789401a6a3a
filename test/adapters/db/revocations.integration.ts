import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { asBearer } from '../../../adapters/db/transaction';
import { giveProof } from '../../support/builders/bearers';
import { createFingerprint } from '../../support/builders/digests';
import { addPublisher } from '../../support/builders/identities';
import { TODAY } from '../../support/builders/submission';
import { useDatabase } from '../../support/servers/database';

const database = useDatabase();
const fingerprint = createFingerprint('acme');
const LATER = new Date(TODAY.getTime() + 1000);

beforeAll(() => addPublisher(database.knex));

const asked = [
  ['the API', () => database.api],
  ['the owner of the tables', () => database.knex],
] as const;

const restriction = (cause: 'decision' | 'revocation') => ({
  id: randomUUID(),
  ...{ kind: 'quarantine' as const, subject_kind: 'key' as const, subject_id: randomUUID() },
  ...{ publisher_id: 'acme', reason: 'r', imposed_by: 'operator:ada', imposed_at: TODAY, cause },
});

const lift = (knex: Knex, id: string): Promise<number> =>
  knex('restrictions')
    .where({ id })
    .whereNull('lifted_at')
    .update({ lifted_by: 'operator:ada', lift_reason: 'r', lifted_at: LATER });

describe.each(asked)('asked by %s', (_who, connection) => {
  beforeEach(async () => {
    const key = { publisher_id: 'acme', armored: 'x', created_at: TODAY };
    await database.knex('publisher_keys').where({ fingerprint }).delete();
    await database.knex('publisher_keys').insert({ ...key, fingerprint });
  });

  const revoke = (reason: 'retired' | 'compromised') =>
    connection()('publisher_keys')
      .where({ fingerprint })
      .update({ revoked_at: TODAY, revoked_reason: reason });

  test('the revocation of a key is never taken back', async () => {
    await revoke('retired');
    const cleared = connection()('publisher_keys').where({ fingerprint }).update({ revoked_at: null });
    await expect(cleared).rejects.toThrow(`The revocation of the key ${fingerprint} is never taken back.`);
    expect(await connection()('publisher_keys').where({ fingerprint }).first('revoked_at')).toEqual({
      revoked_at: TODAY,
    });
  });

  test('a key that was revoked gets a worse reason, and a distrusted one none that makes it trusted', async () => {
    await revoke('retired');
    expect(await revoke('compromised')).toBe(1);
    await expect(revoke('retired')).rejects.toThrow(/never taken back/);
    const renewed = { armored: 'y', expires_at: LATER };
    const proof = await giveProof(database.knex, 'publisher:acme');
    const written = asBearer(connection(), proof, async (trx) =>
      trx('publisher_keys').where({ fingerprint }).update(renewed),
    );
    expect(await written).toBe(1);
  });

  test('what a revocation withholds is never given free, and what an operator imposed is lifted', async () => {
    const [lasting, decided] = [restriction('revocation'), restriction('decision')];
    await connection()('restrictions').insert([lasting, decided]);
    const proof = await giveProof(database.knex, 'operator:ada');
    const asAda = (id: string) => asBearer(connection(), proof, (trx) => lift(trx, id));
    await expect(asAda(lasting.id)).rejects.toThrow(/restrictions_revocation_lasts/);
    expect(await asAda(decided.id)).toBe(1);
  });

  test('nobody writes down a restriction by revocation that has an end or is lifted already', async () => {
    for (const end of [{ expires_at: LATER }, { lifted_at: LATER }]) {
      const written = connection()('restrictions').insert({ ...restriction('revocation'), ...end });
      await expect(written).rejects.toThrow(/restrictions_revocation_lasts/);
    }
  });
});

test('the worker, which ends what has expired, does not end what a revocation withholds', async () => {
  const lasting = restriction('revocation');
  await database.knex('restrictions').insert(lasting);
  await expect(lift(database.worker, lasting.id)).rejects.toThrow(/restrictions_revocation_lasts/);
});
