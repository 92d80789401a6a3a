import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client as TemporalClient, Connection, type ConnectionOptions } from '@temporalio/client';
import type { Knex } from 'knex';
import { connect } from '../../../adapters/db/connect';
import { repositoryRoot } from '../../../infra/build/build';
import { run } from '../../../platform/processes/run';
import { silentProgress } from '../../../infra/terminal/progress';
import { parseStackConfig } from '../../../infra/stack/config';
import { builtEntries } from '../../../infra/stack/context';
import { startStack, type Stack } from '../../../infra/stack/startStack';
import { createClient, type Client } from '../../../sdk/client';
import { createAuthor, type Author } from '../builders/author';
import { toRegister } from '../builders/keys';

/** The whole stack as `npm start` brings it up, in a folder of its own, with a client for everyone. */
export interface RealStack {
  stack: Stack;
  stateDir: string;
  tenants: Record<string, Client>;
  operator: Client;
  publisher: Client;
  reviewer: Client;
  /** Somebody whose key is registered to the stack's publisher. */
  author: Author;
  db: Knex;
  temporal: TemporalClient;
  stop(): Promise<void>;
}

/** Builds what is out of date, in a process of its own: the compiler does not run inside Jest. */
export function build(): Promise<unknown> {
  const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  return run(process.execPath, ['--import', loader, 'infra/build/main.ts'], { cwd: repositoryRoot });
}

/**
 * @param settings as `npm start` takes them from the environment
 * @param engine how the test itself reaches Temporal, where that is not where the stack says
 */
export async function startRealStack(
  settings: NodeJS.ProcessEnv = {},
  engine: ConnectionOptions = {},
): Promise<RealStack> {
  await build();
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'spillway-real-'));
  const { PATH, HOME } = process.env;
  const config = parseStackConfig({ state: stateDir }, { PATH, HOME, LOG_LEVEL: 'info', ...settings });
  const stack = await startStack({
    config,
    progress: silentProgress,
    announce: () => undefined,
    entries: builtEntries(repositoryRoot),
  });
  const { addresses, secrets } = stack;
  const connection = await Connection.connect({ address: addresses.temporal, ...engine });
  const db = connect(secrets.databaseUrl, { applicationName: 'spillway-test' });
  const people = createClients(stack);
  const author = await createAuthor();
  await people.publisher.keys.register(toRegister(author.key));
  const temporal = new TemporalClient({ connection, namespace: config.temporalNamespace });
  return {
    ...{ stack, stateDir, ...people, author, db, temporal },
    async stop() {
      await Promise.all([connection.close(), db.destroy(), author.leave()]);
      await stack.stop();
      await rm(stateDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function createClients({ addresses, secrets }: Stack) {
  const as = (token: string | undefined): Client =>
    createClient({ baseUrl: addresses.api, token: token ?? '' });
  const everyone = Object.entries(secrets.tenantTokens).map(([id, token]) => [id, as(token)] as const);
  return {
    tenants: Object.fromEntries(everyone),
    operator: as(secrets.adminToken),
    publisher: as(secrets.publisherTokens.publisher),
    reviewer: as(secrets.reviewerTokens.reviewer),
  };
}
