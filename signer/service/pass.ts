import type { Knex } from 'knex';
import {
  deleteOtherRoots,
  deleteReplaced,
  findSignedFile,
  markReplaced,
  readSignedFiles,
  takeSigningTurn,
  writeSignedFiles,
} from '../../adapters/db/distribution/signedFiles';
import { listPluginIds, readStated } from '../../adapters/db/distribution/stated';
import { inTransaction } from '../../adapters/db/transaction';
import type { OnlineKeys } from '../ceremony';
import { isComplete, listFiles, readRepository, toRootFiles } from '../published';
import { signChanges, type Repository, type SignedFile, type Statement } from '../repository';
import type { Lifetimes } from '../roles';
import { MOST_VERSIONS, toStatement } from '../statement';

export interface PassOptions {
  online: OnlineKeys;
  lifetimes: Lifetimes;
  /** The plugins whose statements may have changed. */
  pluginIds: 'all' | readonly string[];
  /** Signs everything anew. */
  isRenewal: boolean;
  now: Date;
}

/** Plugins whose rows are read by one query. */
const BATCH = 200;

/**
 * Signs what the rows say now and hosts do not know yet, in one transaction: whoever reads finds the set before or
 * the set after, wherever this process is killed. What is signed already is read from the same rows, so a repetition
 * signs nothing twice.
 *
 * @returns the names of the files that are new; undefined while another signer has its turn
 */
export const signRows = (knex: Knex, options: PassOptions): Promise<string[] | undefined> =>
  inTransaction(knex, async (trx) => {
    if (!(await takeSigningTurn(trx))) return undefined;
    const { online, lifetimes, isRenewal, now } = options;
    const before = await readSigned(trx, online);
    // What cannot be read back is signed again, which needs every statement.
    const pluginIds =
      options.pluginIds === 'all' || !isComplete(before) ? await listPlugins(trx) : options.pluginIds;
    const statements = await readStatements(trx, pluginIds);
    const context = { keys: online.keys, lifetimes, now, isRenewal };
    const { repository, files } = signChanges(before, statements, context);
    const roots = toRootFiles(online.roots);
    // The roots are read again for a check of everything, so only then may a new ceremony have been held.
    if (options.pluginIds === 'all')
      await deleteOtherRoots(
        trx,
        roots.map(({ name }) => name),
      );
    const written = [...(await listNew(trx, roots)), ...files];
    if (written.length === 0) return [];
    await writeSignedFiles(trx, written, now);
    const kept = new Set(listFiles(repository));
    const replaced = listFiles(before).filter((name) => !kept.has(name));
    await markReplaced(trx, replaced, now);
    await deleteReplaced(trx, now);
    return written.map(({ name }) => name);
  });

const PAGE = 1_000;

async function listPlugins(trx: Knex): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await listPluginIds(trx, ids.at(-1) ?? '', PAGE);
    ids.push(...page);
    if (page.length < PAGE) return ids;
  }
}

async function readStatements(trx: Knex, pluginIds: readonly string[]): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (let at = 0; at < pluginIds.length; at += BATCH) {
    const rows = await readStated(trx, pluginIds.slice(at, at + BATCH), MOST_VERSIONS);
    for (const ofPlugin of groupByPlugin(rows)) {
      const statement = toStatement(ofPlugin);
      if (statement) statements.push(statement);
    }
  }
  return statements;
}

function groupByPlugin<Row extends { plugin_id: string }>(rows: readonly Row[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.plugin_id, [...(groups.get(row.plugin_id) ?? []), row]);
  return [...groups.values()];
}

/** What is signed, from the timestamp down, as far as the root vouches for it. */
async function readSigned(trx: Knex, { root }: OnlineKeys): Promise<Repository> {
  const files = new Map<string, string>();
  const load = async (names: readonly string[]): Promise<Repository> => {
    for (const [name, body] of await readSignedFiles(trx, names)) files.set(name, body);
    return readRepository(root, (name) => files.get(name));
  };
  const { timestamp } = await load(['timestamp.json']);
  if (!timestamp) return { root, publishers: new Map() };
  const { snapshot } = await load([`${timestamp.signed.snapshotMeta.version}.snapshot.json`]);
  const meta = Object.entries(snapshot?.signed.meta ?? {});
  return load(meta.map(([name, { version }]) => `${version}.${name}`));
}

/** Those that are not served yet. */
async function listNew(trx: Knex, files: readonly SignedFile[]): Promise<SignedFile[]> {
  const found = await Promise.all(files.map(({ name }) => findSignedFile(trx, name)));
  return files.filter(({ body }, index) => found[index] !== body);
}
