import type { Knex } from 'knex';
import { connect } from './connect';
import { migrations } from './migrations';

type Listed = (typeof migrations)[number];

const migrationSource: Knex.MigrationSource<Listed> = {
  getMigrations: () => Promise.resolve([...migrations]),
  getMigrationName: ({ name }) => name,
  getMigration: ({ migration }) => Promise.resolve(migration),
};

async function withKnex<T>(target: string | Knex, work: (knex: Knex) => Promise<T>): Promise<T> {
  if (typeof target !== 'string') return work(target);
  const knex = connect(target, { applicationName: 'spillway-migrate', poolSize: 2, statementTimeoutMs: 0 });
  try {
    return await work(knex);
  } finally {
    await knex.destroy();
  }
}

/** Applies what is missing, all of it or nothing; returns the names that were applied. */
export const migrate = (target: string | Knex): Promise<string[]> =>
  withKnex(target, async (knex) => {
    const [, applied] = (await knex.migrate.latest({ migrationSource })) as [number, string[]];
    return applied;
  });

/**
 * Takes back every migration, newest first; returns the names that were taken back.
 *
 * @internal for tests
 */
export const unmigrate = (target: string | Knex): Promise<string[]> =>
  withKnex(target, async (knex) => {
    const [, undone] = (await knex.migrate.rollback({ migrationSource }, true)) as [number, string[]];
    return undone;
  });
