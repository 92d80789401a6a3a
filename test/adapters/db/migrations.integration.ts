import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '../../../adapters/db/connect';
import { migrate, unmigrate } from '../../../adapters/db/migrate';
import { migrations } from '../../../adapters/db/migrations';
import { registerSubmission } from '../../../adapters/db/releases/register';
import { down, up } from '../../../migrations/20261128_23_one_restriction';
import * as lastingRevocations from '../../../migrations/20261128_24_lasting_revocations';
import * as proofs from '../../../migrations/20261128_27_proofs';
import { DAY } from '../../../core/duration';
import { addPublisher } from '../../support/builders/identities';
import { createSubmission, TODAY } from '../../support/builders/submission';
import { createDatabase, createEmptyDatabase } from '../../support/servers/database';

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

test('what a distrusted key signed stays withheld when holding becomes a restriction', async () => {
  const { knex: db, drop } = await createDatabase();
  try {
    await proofs.down(db);
    await lastingRevocations.down(db);
    await down(db);
    await addPublisher(db);
    const { release } = await registerSubmission(
      db,
      createSubmission(),
      { slaMs: 1000, uploadTimeoutMs: DAY },
      TODAY,
    );
    const { releaseId, versionId } = release;
    const key = { publisher_id: 'acme', armored: 'x', created_at: TODAY, revoked_at: TODAY };
    await db('publisher_keys').insert([
      { ...key, fingerprint: 'A'.repeat(40), revoked_reason: 'compromised', revoked_by: 'operator:ada' },
      { ...key, fingerprint: 'B'.repeat(40), revoked_reason: 'retired', revoked_by: 'operator:ada' },
    ]);
    const rule = '{}';
    await db.raw(
      `insert into feed (revision, key, version_id, kind, rule, stage, at) values (7, 'k', ?, 'hold', ?, 0, now())`,
      [versionId, rule],
    );
    await db.raw(
      `insert into timeline (release_id, seq, key, kind, text, actor, data, at)
       values (?, 99, 'held', 'version_held', 'Held.', 'x', '{}', now())`,
      [releaseId],
    );
    await up(db);
    await lastingRevocations.up(db);
    await proofs.up(db);
    expect(await db('restrictions').select('kind', 'subject_kind', 'subject_id', 'cause')).toEqual([
      { kind: 'quarantine', subject_kind: 'key', subject_id: 'A'.repeat(40), cause: 'revocation' },
    ]);
    expect(await db('feed')).toEqual([]);
    expect(await db('timeline').where({ seq: 99 }).pluck('kind')).toEqual(['restricted']);
  } finally {
    await drop();
  }
});
