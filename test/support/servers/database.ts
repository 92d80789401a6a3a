import { createHash, randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { Client } from 'pg';
import { connect } from '../../../adapters/db/connect';
import { migrate } from '../../../adapters/db/migrate';
import { processRoles, setPasswords } from '../../../adapters/db/processRoles';
import { asRole } from '../../../infra/postgres/cluster';

export interface TestDatabase {
  /** As its owner, who may look at everything. */
  url: string;
  /** As the API, the worker and the signer, with what these may do and no more. */
  apiUrl: string;
  workerUrl: string;
  knex: Knex;
  api: Knex;
  worker: Knex;
  signer: Knex;
  drop(): Promise<void>;
}

/** Any number that all workers of a run agree on. */
const TEMPLATE_LOCK = 641_188;

/**
 * A database of its own with all migrations applied: a copy of a template that the first caller of a run makes.
 * Copying takes a tenth of what migrating takes, so every test file can afford one.
 */
export async function createDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env.SPILLWAY_TEST_DATABASE_URL;
  if (!adminUrl)
    throw new Error('SPILLWAY_TEST_DATABASE_URL is missing: run with --selectProjects integration');
  const template = await ensureTemplate(adminUrl);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(adminUrl, `create database ${name} template ${template}`);
  const url = withDatabase(adminUrl, name);
  const knex = connect(url, { applicationName: 'test', poolSize: 25 });
  const apiUrl = asRole(url, processRoles.api, passwordIn(adminUrl));
  const workerUrl = asRole(url, processRoles.worker, passwordIn(adminUrl));
  const api = connect(apiUrl, { applicationName: 'test-api', poolSize: 15 });
  const worker = connect(workerUrl, { applicationName: 'test-worker', poolSize: 15 });
  const signerUrl = asRole(url, processRoles.signer, passwordIn(adminUrl));
  const signer = connect(signerUrl, { applicationName: 'test-signer', poolSize: 5 });
  return {
    ...{ url, apiUrl, workerUrl, knex, api, worker, signer },
    drop: async () => {
      await Promise.all([knex, api, worker, signer].map((each) => each.destroy()));
      await execute(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** A database for the tests of one file: made before they run, and dropped after them. */
export function useDatabase(): Omit<TestDatabase, 'drop'> {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await createDatabase();
  });
  afterAll(() => opened?.drop());
  return {
    get url() {
      return opened.url;
    },
    get apiUrl() {
      return opened.apiUrl;
    },
    get workerUrl() {
      return opened.workerUrl;
    },
    get knex() {
      return opened.knex;
    },
    get api() {
      return opened.api;
    },
    get worker() {
      return opened.worker;
    },
    get signer() {
      return opened.signer;
    },
  };
}

/** An empty database without any migration, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const adminUrl = process.env.SPILLWAY_TEST_DATABASE_URL ?? '';
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await execute(adminUrl, `create database ${name}`);
  return {
    url: withDatabase(adminUrl, name),
    drop: () => execute(adminUrl, `drop database ${name} with (force)`),
  };
}

async function ensureTemplate(adminUrl: string): Promise<string> {
  const template = `template_${await migrationsDigest()}`;
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    // The lock belongs to the session: it goes with the connection, whatever happens below.
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) await makeTemplate(client, adminUrl, template);
    return template;
  } finally {
    await client.end();
  }
}

/** Migrates under another name first: a template that exists is complete. */
async function makeTemplate(client: Client, adminUrl: string, template: string): Promise<void> {
  const draft = `${template}_draft`;
  await client.query(`drop database if exists ${draft} with (force)`);
  await client.query(`create database ${draft}`);
  await migrateTemplate(withDatabase(adminUrl, draft), passwordIn(adminUrl));
  await client.query(`alter database ${draft} rename to ${template}`);
}

async function migrateTemplate(url: string, password: string): Promise<void> {
  const owner = connect(url, { applicationName: 'test-template' });
  try {
    await migrate(owner);
    await setPasswords(owner, { api: password, worker: password, signer: password });
  } finally {
    await owner.destroy();
  }
}

/** Roles are the cluster's, so all databases of a run share the password of its superuser. */
const passwordIn = (adminUrl: string): string => decodeURIComponent(new URL(adminUrl).password);

async function migrationsDigest(): Promise<string> {
  const folder = path.join(__dirname, '../../../migrations');
  const digest = createHash('sha256');
  for (const name of (await readdir(folder)).sort())
    digest.update(name).update(await readFile(path.join(folder, name)));
  return digest.digest('hex').slice(0, 16);
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
