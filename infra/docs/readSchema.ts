import { query } from '../postgres/cluster';

export interface SchemaColumn {
  name: string;
  /** As PostgreSQL writes it, e.g. `timestamp with time zone`. */
  type: string;
  isNullable: boolean;
  isPrimary: boolean;
}

export interface ForeignKey {
  columns: string[];
  target: string;
  isNullable: boolean;
  /** No two rows refer to the same one. */
  isUnique: boolean;
}

export interface Policy {
  name: string;
  roles: string[];
  /** `ALL`, or the one command that it is for. */
  command: string;
}

export interface SchemaTable {
  name: string;
  columns: SchemaColumn[];
  foreignKeys: ForeignKey[];
  /** Rows are shown by policies alone, to the owner of the table as well. */
  isForced: boolean;
  policies: Policy[];
}

const TABLES = `
  select relname::text as name, relrowsecurity and relforcerowsecurity as "isForced"
  from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
    and relname not like 'knex\\_%'
  order by relname collate "C"`;

const COLUMNS = `
  select attrelid::regclass::text as table, attname::text as name,
    format_type(atttypid, atttypmod) as type, not attnotnull as "isNullable",
    exists (select from pg_constraint
            where conrelid = attrelid and contype = 'p' and attnum = any(conkey)) as "isPrimary"
  from pg_attribute join pg_class on pg_class.oid = attrelid
  where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
  order by attnum`;

const FOREIGN_KEYS = `
  select conrelid::regclass::text as table, confrelid::regclass::text as target,
    array(select attname::text from unnest(conkey) with ordinality as key (number, place)
          join pg_attribute on attrelid = conrelid and attnum = number order by place) as columns,
    exists (select from pg_attribute
            where attrelid = conrelid and attnum = any(conkey) and not attnotnull) as "isNullable",
    exists (select from pg_index where indrelid = conrelid and indisunique and indpred is null
            and indkey::int2[] <@ conkey) as "isUnique"
  from pg_constraint
  where contype = 'f' and connamespace = 'public'::regnamespace
  order by conname collate "C"`;

const POLICIES = `
  select tablename::text as table, policyname::text as name, roles::text[] as roles, cmd as command
  from pg_policies where schemaname = 'public'
  order by policyname collate "C"`;

/** The tables of a migrated database by name, as its catalogue has them; those of the migrations' own records are left out. */
export async function readSchema(url: string): Promise<SchemaTable[]> {
  const ask = async <T>(sql: string): Promise<T[]> => (await query(url, sql)) as T[];
  const [tables, columns, foreignKeys, policies] = await Promise.all([
    ask<Pick<SchemaTable, 'name' | 'isForced'>>(TABLES),
    ask<SchemaColumn & { table: string }>(COLUMNS),
    ask<ForeignKey & { table: string }>(FOREIGN_KEYS),
    ask<Policy & { table: string }>(POLICIES),
  ]);
  return tables.map((table) => {
    const isHere = (row: { table: string }): boolean => row.table === table.name;
    return {
      ...table,
      columns: columns.filter(isHere),
      foreignKeys: foreignKeys.filter(isHere),
      policies: policies.filter(isHere),
    };
  });
}
