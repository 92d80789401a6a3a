import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RealStack } from '../../support/servers/realStack';

/** They count calls and keep who made them, so they change with every refused one as well. */
const CALLS = ['rate_limits', 'submissions'];
/** The audit has who was refused; everything else in it is a trace. */
const REFUSED = { action: 'access.denied' };

interface TableRow {
  name: string;
}

/** Everything that a refused request must leave as it was: rows by table, and the names of all objects. */
export async function readTraces(real: RealStack) {
  const tables = await real
    .db('information_schema.tables')
    .where({ table_schema: 'public', table_type: 'BASE TABLE' })
    .orderBy('table_name')
    .select<TableRow[]>('table_name as name');
  const rows: Record<string, number> = {};
  for (const { name } of tables.filter((each) => !CALLS.includes(each.name))) {
    const query = real.db(name).count<{ count: number }[]>({ count: '*' });
    const counted = await (name === 'audit' ? query.whereNot(REFUSED) : query);
    rows[name] = Number(counted[0]?.count);
  }
  return { rows, objects: await listObjects(real) };
}

/** Files of the object store, without its notes of which uploads have ended, which every end leaves. */
export async function listObjects({ stateDir }: RealStack): Promise<string[]> {
  const entries = await readdir(path.join(stateDir, 'objects'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(stateDir, path.join(entry.parentPath, entry.name)))
    .filter((file) => path.dirname(file) !== path.join('objects', 'ended'))
    .sort();
}
