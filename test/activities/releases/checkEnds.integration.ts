import type { Knex } from 'knex';
import { countEnds } from '../../../activities/releases/checkEnds';
import { registerIdentity } from '../../../adapters/db/identity/identities';
import { registerKey } from '../../../adapters/db/identity/keys';
import { registerSubmission } from '../../../adapters/db/releases/register';
import { connect } from '../../../adapters/db/connect';
import { CheckEnded } from '../../../adapters/scanners/checker/checkEnded';
import { DAY } from '../../../core/duration';
import { createSubmission, origin } from '../../support/builders/submission';
import { createAuthor, type Author } from '../../support/builders/author';
import { createDatabase, type TestDatabase } from '../../support/servers/database';

let database: TestDatabase;
let db: Knex;
let author: Author;
let releaseId: string;

beforeAll(async () => {
  database = await createDatabase();
  db = connect(database.url, { applicationName: 'test' });
  author = await createAuthor();
  await registerIdentity(database.knex, { kind: 'publisher', id: 'acme', name: 'Acme' }, origin, new Date());
  const { publicKeyArmored: armored, fingerprint } = author.key;
  const key = { publisherId: 'acme', armored, fingerprint, expiresAt: null };
  await registerKey(database.knex, key, origin, new Date());
  const { request } = await author.prepare('ending-plugin', '1.0.0');
  const submission = createSubmission(request);
  ({ releaseId } = (
    await registerSubmission(database.worker, submission, { slaMs: 1, uploadTimeoutMs: DAY }, new Date())
  ).release);
});
afterAll(async () => {
  await author.leave();
  await db.destroy();
  await database.drop();
});

const run = (check: string, error?: Error) => {
  const deps = { db: database.worker, clock: () => new Date() };
  return countEnds(deps, { releaseId, check }, () =>
    error ? Promise.reject(error) : Promise.resolve('well'),
  );
};

test('a package that ends a check is tried again, and rejected the third time, by name of the check', async () => {
  await expect(run('secrets', new CheckEnded('memory'))).rejects.toThrow('used more memory');
  await expect(run('secrets', new CheckEnded('crash'))).rejects.toThrow('broke off');
  await expect(run('secrets', new CheckEnded('time'))).resolves.toEqual({
    outcome: 'ended',
    detail: 'The check secrets did not finish in 3 attempts; the last time it took longer than a check may.',
  });
  const entries = db('timeline').where({ release_id: releaseId, kind: 'scan_held' }).orderBy('seq');
  expect(await entries.pluck('text')).toEqual([
    'The check secrets did not finish: it used more memory than a check may (attempt 1 of 3).',
    'The check secrets did not finish: it broke off without an answer (attempt 2 of 3).',
    'The check secrets did not finish: it took longer than a check may (attempt 3 of 3).',
  ]);
});

test('each check counts for itself, and a failure of the platform does not count', async () => {
  for (let attempt = 0; attempt < 5; attempt += 1)
    await expect(run('eicar', new Error('no disk'))).rejects.toThrow('no disk');
  await expect(run('eicar', new CheckEnded('crash'))).rejects.toThrow('broke off');
  await expect(run('eicar')).resolves.toEqual({ outcome: 'finished', result: 'well' });
});
