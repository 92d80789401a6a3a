import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { SubjectKind } from '../../../core/access';
import { refusal } from '../../../core/errors/errors';
import type { TokenEnding } from '../../../core/identity/tokens';
import { writeAudit } from '../audit/audit';
import { decodeCursor, toPage, type Page, type PageRequest } from '../cursor';
import { inTransaction } from '../transaction';

/** A token as it is shown: everything but the token. */
export interface TokenRecord {
  tokenId: string;
  kind: SubjectKind;
  id: string;
  person: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  revokedReason: TokenEnding | null;
}

/** Whose tokens; without a kind everybody's. */
export interface TokenHolder {
  kind?: SubjectKind | undefined;
  id?: string | undefined;
}

const columns = {
  tokenId: 'id',
  kind: 'subject_kind',
  id: 'subject_id',
  prefix: 'prefix',
  scopes: 'scopes',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  lastUsedAt: 'last_used_at',
  revokedAt: 'revoked_at',
  revokedReason: 'revoked_reason',
} as const;

/** The tokens of a holder, newest first, ended ones included. */
export async function listTokens(
  knex: Knex,
  { kind, id }: TokenHolder,
  { limit, cursor }: PageRequest,
): Promise<Page<TokenRecord>> {
  const after = decodeCursor(cursor, ['moment', 'uuid']);
  const query = knex('api_keys')
    .orderByRaw('created_at desc, id desc')
    .limit(limit + 1);
  if (kind !== undefined) void query.where({ subject_kind: kind });
  if (id !== undefined) void query.where({ subject_id: id });
  if (after) void query.whereRaw('(created_at, id) < (?, ?::uuid)', [new Date(after[0]!), after[1]!]);
  const rows: TokenRecord[] = await query.select({
    ...columns,
    person: knex.raw('coalesce(person, subject_id)'),
  });
  return toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.tokenId]);
}

/**
 * Ends a token of a holder at once; ended already, it stays as it was.
 *
 * @throws Refusal NOT_FOUND, also for a token of somebody else
 */
export const revokeToken = (
  knex: Knex,
  { tokenId, kind, id }: TokenHolder & { tokenId: string },
  origin: Origin,
  now: Date,
): Promise<TokenRecord> =>
  inTransaction(knex, async (trx) => {
    const holder = { ...(kind ? { subject_kind: kind } : {}), ...(id ? { subject_id: id } : {}) };
    const ended = await trx('api_keys')
      .where({ id: tokenId, ...holder })
      .whereNull('revoked_at')
      .update({ revoked_at: now, revoked_reason: 'revoked', revoked_by: origin.actor })
      .returning('subject_id');
    const row: TokenRecord | undefined = await trx('api_keys')
      .where({ id: tokenId, ...holder })
      .first({ ...columns, person: trx.raw('coalesce(person, subject_id)') });
    if (!row) throw refusal('NOT_FOUND', `There is no token ${tokenId}.`);
    if (ended.length > 0) {
      const entry = { key: `token:${tokenId}:ended`, action: 'token.revoke', subject: row.id, ...origin };
      await writeAudit(trx, { ...entry, data: { tokenId, reason: 'revoked' } }, now);
    }
    return row;
  });
