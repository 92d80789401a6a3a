import knexFactory, { type Knex } from 'knex';
import { TypeOverrides, types } from 'pg';

export interface ConnectOptions {
  /** Shown in pg_stat_activity, so that an operator sees whose query it is. */
  applicationName: string;
  /** Most connections at a time; each process states its own. */
  poolSize?: number;
  /** How long one statement may run, in milliseconds. */
  statementTimeoutMs?: number;
}

/**
 * A pool of connections to the database. Connects on first use, so a process may start before
 * Postgres does. A connection that the server ends is replaced by the next query: knex listens
 * for its error, which would end the process otherwise.
 */
export function connect(url: string, options: ConnectOptions): Knex {
  return knexFactory({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      types: numbersForBigints(),
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max: options.poolSize ?? 10 },
    acquireConnectionTimeout: 15_000,
    log: silent,
  });
}

const nothing = (): void => undefined;

/** Knex writes plain text past the process's log; whatever it would say also reaches the caller as an error. */
const silent: Knex.Logger = { warn: nothing, error: nothing, deprecate: nothing, debug: nothing };

/** Revisions and byte counts stay far below 2^53, so they come as numbers rather than as texts. */
function numbersForBigints(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, (text: string) => Number(text));
  return overrides;
}
