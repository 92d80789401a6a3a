import type { RowOf, TableName } from './tables';

/** A column with its table, as queries over several tables name it: `versions.plugin_id`. */
type QualifiedColumn = { [N in TableName]: `${N}.${keyof RowOf<N> & string}` }[TableName];

type ValueOf<C extends QualifiedColumn> = C extends `${infer N extends TableName}.${infer K}`
  ? RowOf<N>[K & keyof RowOf<N>]
  : never;

/**
 * The row of a query that selects columns of joined tables under names of its own. Knex infers the rows of
 * single tables only.
 */
export type JoinedRow<S extends Record<string, QualifiedColumn>> = {
  -readonly [K in keyof S]: ValueOf<S[K]>;
};

/** Columns of a table that was joined by a left join: all null where no row of it matched. */
export type LeftJoined<R> = { [K in keyof R]: R[K] | null };
