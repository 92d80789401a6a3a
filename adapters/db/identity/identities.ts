import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { refusal } from '../../../core/errors/errors';
import { writeAudit } from '../audit/audit';
import type { TableName } from '../tables';
import { issueToken } from './tokens';
import { inTransaction } from '../transaction';

export type IdentityKind = 'publisher' | 'reviewer' | 'tenant';

const tables = {
  publisher: 'publishers',
  reviewer: 'reviewers',
  tenant: 'tenants',
} as const satisfies Record<IdentityKind, TableName>;

/**
 * Registers a publisher, reviewer or tenant. The first time it comes with its first token; a
 * repetition changes nothing and returns none.
 */
export const registerIdentity = (
  knex: Knex,
  identity: { kind: IdentityKind; id: string; name: string },
  origin: Origin,
  now: Date,
): Promise<{ created: boolean; token?: string }> =>
  inTransaction(knex, async (trx) => {
    const { kind, id, name } = identity;
    const added = await trx(tables[kind])
      .insert({ id, name, created_at: now })
      .onConflict('id')
      .ignore()
      .returning('id');
    if (added.length === 0) return { created: false };
    const token = await issueToken(trx, { kind, id }, now);
    const entry = { key: `${kind}:${id}`, action: `${kind}.register`, subject: id, ...origin };
    await writeAudit(trx, entry, now);
    return { created: true, token };
  });

/** Another token for who is registered. @throws Refusal NOT_FOUND */
export const issueTokenFor = (
  knex: Knex,
  { kind, id }: { kind: IdentityKind; id: string },
  origin: Origin,
  now: Date,
): Promise<string> =>
  inTransaction(knex, async (trx) => {
    const known = await trx(tables[kind]).where({ id }).first('id');
    if (!known) throw refusal('NOT_FOUND', `There is no ${kind} ${id}.`);
    const token = await issueToken(trx, { kind, id }, now);
    const key = `token:${kind}:${id}:${origin.requestId}`;
    await writeAudit(trx, { key, action: `${kind}.token`, subject: id, ...origin }, now);
    return token;
  });
