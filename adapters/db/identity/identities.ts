import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { refusal } from '../../../core/errors/errors';
import { writeAudit } from '../audit/audit';
import type { SubjectKind } from '../../../core/access';
import type { TableName } from '../tables';
import { issueToken, type IssuedToken, type TokenOptions } from './tokens';
import { inTransaction } from '../transaction';

export type IdentityKind = 'publisher' | 'reviewer' | 'tenant';

const tables = {
  publisher: 'publishers',
  reviewer: 'reviewers',
  tenant: 'tenants',
} as const satisfies Record<IdentityKind, TableName>;

/** Who is registered; `person` is who has the first token. */
export interface NewIdentity extends TokenOptions {
  kind: IdentityKind;
  id: string;
  name: string;
}

/**
 * Registers a publisher, reviewer or tenant. The first time it comes with its first token; a
 * repetition changes nothing and returns none.
 */
export const registerIdentity = (
  knex: Knex,
  identity: NewIdentity,
  origin: Origin,
  now: Date,
): Promise<{ created: boolean } & Partial<IssuedToken>> =>
  inTransaction(knex, async (trx) => {
    const { kind, id, name } = identity;
    const added = await trx(tables[kind])
      .insert({ id, name, created_at: now })
      .onConflict('id')
      .ignore()
      .returning('id');
    if (added.length === 0) return { created: false };
    const issued = await issueToken(trx, { kind, id }, identity, now);
    const entry = { key: `${kind}:${id}`, action: `${kind}.register`, subject: id, ...origin };
    await writeAudit(trx, { ...entry, data: toAudited(issued) }, now);
    return { created: true, ...issued };
  });

/** Another token for who is registered; operators need no registration. @throws Refusal NOT_FOUND */
export const issueTokenFor = (
  knex: Knex,
  { kind, id, ...options }: TokenOptions & { kind: SubjectKind; id: string },
  origin: Origin,
  now: Date,
): Promise<IssuedToken> =>
  inTransaction(knex, async (trx) => {
    const known = kind === 'operator' || (await trx(tables[kind]).where({ id }).first('id'));
    if (!known) throw refusal('NOT_FOUND', `There is no ${kind} ${id}.`);
    const issued = await issueToken(trx, { kind, id }, options, now);
    // The row's own id is the key: a caller chooses the id of its request, and may use one twice.
    const entry = { key: `token:${issued.tokenId}`, action: `${kind}.token`, subject: id, ...origin };
    await writeAudit(trx, { ...entry, data: toAudited(issued) }, now);
    return issued;
  });

const toAudited = ({ tokenId, person, expiresAt }: IssuedToken) => ({
  tokenId,
  person,
  expiresAt: expiresAt.toISOString(),
});
