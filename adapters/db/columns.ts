/** A column as the migrations made it; `T` is what a query returns for it. */
export interface Column<T> {
  /** As `information_schema.columns.data_type` has it. */
  type: string;
  nullable: boolean;
  /** The texts that a check allows, where there is one. */
  values?: readonly string[];
  /** Carries the type only; never there at run time. */
  row?: T;
}

const column = <T>(type: string): Column<T> => ({ type, nullable: false });

export const text = column<string>('text');
/** As libraries make it; tables of the product's own have `text`. */
export const varchar = column<string>('character varying');
export const uuid = column<string>('uuid');
export const integer = column<number>('integer');
/** `connect` turns them into numbers: revisions and byte counts stay far below 2^53. */
export const bigint = column<number>('bigint');
export const real = column<number>('real');
export const boolean = column<boolean>('boolean');
export const moment = column<Date>('timestamp with time zone');
export const bytes = column<Buffer>('bytea');
export const texts = column<string[]>('ARRAY');
export const json = <T>(): Column<T> => column<T>('jsonb');

/** A text that a check limits to a list of `core/`. */
export const oneOf = <const T extends string>(values: readonly T[]): Column<T> => ({
  ...column<T>('text'),
  values,
});

export const nullable = <T>(of: Column<T>): Column<T | null> => ({ ...of, nullable: true });

export type Table = Record<string, Column<unknown>>;

/** A row as a query returns it. */
export type Row<T extends Table> = { [K in keyof T]: T[K] extends Column<infer V> ? V : never };
