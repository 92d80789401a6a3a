import type { Column } from '../../../adapters/db/columns';
import { tables } from '../../../adapters/db/tables';
import { useDatabase } from '../../support/servers/database';

const database = useDatabase();

interface ColumnRow {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
}

const described = Object.entries(tables).flatMap(([table, columns]) =>
  Object.entries<Column<unknown>>(columns).map(([column, each]) => ({ table, column, ...each })),
);

const sorted = <T extends { table: string; column: string }>(rows: T[]): T[] =>
  rows.toSorted((a, b) => `${a.table}.${a.column}`.localeCompare(`${b.table}.${b.column}`));

test('the types of rows are those of the migrated schema', async () => {
  const { rows } = await database.knex.raw<{ rows: ColumnRow[] }>(
    `select table_name as table, column_name as column, data_type as type, is_nullable = 'YES' as nullable
     from information_schema.columns where table_schema = 'public' and table_name not like 'knex_%'`,
  );
  const written = described.map(({ table, column, type, nullable }) => ({ table, column, type, nullable }));
  expect(sorted(rows)).toEqual(sorted(written));
});

test('states, kinds and verdicts are checked by the database against the lists of core', async () => {
  const { rows } = await database.knex.raw<{ rows: { table: string; column: string; values: string }[] }>(
    `select conrelid::regclass::text as table, attname as column, pg_get_constraintdef(pg_constraint.oid) as values
     from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any(conkey)
     where contype = 'c' and cardinality(conkey) = 1 and connamespace = 'public'::regnamespace and atttypid = 'text'::regtype`,
  );
  const checked = rows.map(({ values, ...row }) => ({
    ...row,
    values: [...values.matchAll(/'([^']+)'/g)].map(([, value]) => value).toSorted(),
  }));
  const listed = described.flatMap(({ table, column, values }) =>
    values ? [{ table, column, values: values.toSorted() }] : [],
  );
  expect(sorted(checked)).toEqual(sorted(listed));
});

test('a kind that core does not list is refused', async () => {
  const tenant = { id: 'acme', name: 'Acme' };
  await database.knex('tenants').insert(tenant);
  const made = database.knex('subscriptions').insert({
    ...{ tenant_id: 'acme', plugin_id: 'p', channel: 'nightly', auto_upgrade: true },
  });
  await expect(made).rejects.toThrow(/subscriptions_channel/);
});
