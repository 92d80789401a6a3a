import type { Knex } from 'knex';
import { HOUR } from '../../../core/duration';

export interface SignedFile {
  name: string;
  body: string;
}

/** How long a file is still served after another took its place: a host reads several, one after the other. */
const KEPT_MS = HOUR;

/** Any number that all signers agree on. */
const SIGNING_LOCK = 197_306;

/** Whether this transaction is the one that signs now; another signer gets its turn when it has ended. */
export async function takeSigningTurn(trx: Knex.Transaction): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { taken: boolean }[] }>(
    'select pg_try_advisory_xact_lock(?) as taken',
    [SIGNING_LOCK],
  );
  return rows[0]?.taken === true;
}

/** The texts of those files that are there, by name. */
export async function readSignedFiles(knex: Knex, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await knex('signed_files')
    .whereIn('name', [...names])
    .select('name', 'body');
  return new Map(rows.map(({ name, body }) => [name, body]));
}

export const findSignedFile = async (knex: Knex, name: string): Promise<string | undefined> =>
  (await knex('signed_files').where({ name }).first('body'))?.body;

/** Puts files into their places; together with the transaction, all of them or none. */
export async function writeSignedFiles(
  trx: Knex.Transaction,
  files: readonly SignedFile[],
  now: Date,
): Promise<void> {
  for (const { name, body } of files) {
    await trx('signed_files')
      .insert({ name, body, signed_at: now, replaced_at: null })
      .onConflict('name')
      .merge();
  }
}

/** Lets files go that nothing signed names any more, a while from now. */
export async function markReplaced(
  trx: Knex.Transaction,
  names: readonly string[],
  now: Date,
): Promise<void> {
  if (names.length === 0) return;
  await trx('signed_files')
    .whereIn('name', [...names])
    .update({ replaced_at: now });
}

/**
 * Deletes every version of the root but those named, at once: hosts go from the version that they have to the next
 * number, and would find one of another ceremony there.
 */
export const deleteOtherRoots = (trx: Knex.Transaction, names: readonly string[]): Promise<number> =>
  trx('signed_files')
    .whereRaw(String.raw`name ~ '^[0-9]+\.root\.json$'`)
    .whereNotIn('name', [...names])
    .delete();

/** Deletes what was replaced long enough ago. */
export const deleteReplaced = (knex: Knex, now: Date): Promise<number> =>
  knex('signed_files')
    .where('replaced_at', '<', new Date(now.getTime() - KEPT_MS))
    .delete();
