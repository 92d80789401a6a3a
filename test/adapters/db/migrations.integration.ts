import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '../../../adapters/db/connect';
import { migrate, unmigrate } from '../../../adapters/db/migrate';
import { migrations } from '../../../adapters/db/migrations';
import { createEmptyDatabase } from '../../support/servers/database';

const listTables = async (url: string): Promise<string[]> => {
  const knex = connect(url, { applicationName: 'test' });
  try {
    const rows: { name: string }[] = await knex('information_schema.tables')
      .where({ table_schema: 'public' })
      .select({ name: 'table_name' });
    return rows.map(({ name }) => name).filter((name) => !name.startsWith('knex_'));
  } finally {
    await knex.destroy();
  }
};

test('every migration goes up, down and up again', async () => {
  const database = await createEmptyDatabase();
  try {
    const names = migrations.map(({ name }) => name);
    expect(await migrate(database.url)).toEqual(names);
    const tables = await listTables(database.url);
    expect(await unmigrate(database.url)).toEqual(names.toReversed());
    expect(await listTables(database.url)).toEqual([]);
    expect(await migrate(database.url)).toEqual(names);
    expect((await listTables(database.url)).sort()).toEqual(tables.sort());
    expect(await migrate(database.url)).toEqual([]);
  } finally {
    await database.drop();
  }
});

test('the list of migrations names every file of the folder, in order', async () => {
  const folder = await readdir(path.join(__dirname, '../../../migrations'));
  const files = folder.filter((name) => name.endsWith('.ts'));
  expect(migrations.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
});

test('two processes that migrate at once leave one complete database', async () => {
  const database = await createEmptyDatabase();
  try {
    await Promise.allSettled([migrate(database.url), migrate(database.url)]);
    await migrate(database.url);
    expect(await listTables(database.url)).toContain('audit');
  } finally {
    await database.drop();
  }
});
