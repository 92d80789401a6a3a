import path from 'node:path';
import type { Command } from '../../platform/processes/child';
import { findAccount } from './account';
import { findPostgres } from './binaries';
import {
  clearLeftovers,
  ensureDatabase,
  initialise,
  query,
  serverArguments,
  buildUrl,
  type Cluster,
} from './cluster';
import { preparePlace } from './place';

export interface PostgresServer {
  version: string;
  origin: string;
  /** Connection string of one of its databases. */
  url(database: string): string;
  /** Makes way for a start and says how to run the server; call it before every start. */
  command(): Promise<Command>;
  /** A real query against the server. */
  probe(): Promise<void>;
  ensureDatabase(name: string): Promise<void>;
}

export interface PostgresOptions {
  stateDir: string;
  host: string;
  port: number;
  password: string;
  isDurable: boolean;
  logFile: string;
  env: NodeJS.ProcessEnv;
  /** Where data may go when the server's account cannot reach the state folder, best first. */
  runtimeRoots: readonly string[];
}

/**
 * Prepares a PostgreSQL cluster in the state folder: programs, account, files. Nothing runs yet.
 * @throws InfraFailure when there is no PostgreSQL or no account to run it
 */
export async function preparePostgres(options: PostgresOptions): Promise<PostgresServer> {
  const binaries = await findPostgres(options.env);
  const account = await findAccount();
  const { stateDir, runtimeRoots, host, port, password, isDurable } = options;
  const place = await preparePlace({ stateDir, binaries, account, runtimeRoots });
  const majorVersion = Number.parseInt(binaries.version, 10);
  const cluster: Cluster = { ...place, account, host, port, password, isDurable, majorVersion };
  await initialise(cluster);
  const as = account.uid === undefined ? '' : `, as user ${account.name}`;
  const moved = place.runtimeDir
    ? `, files in ${place.runtimeDir} (the state folder is closed to that user)`
    : '';
  return {
    version: binaries.version,
    origin: `${binaries.origin}${as}${moved}`,
    url: (database) => buildUrl(cluster, database),
    command: async () => {
      await clearLeftovers(cluster.dataDir);
      return buildCommand(cluster, options.logFile);
    },
    probe: async () => void (await query(buildUrl(cluster, 'postgres'), 'select 1')),
    ensureDatabase: (name) => ensureDatabase(cluster, name),
  };
}

function buildCommand(cluster: Cluster, logFile: string): Command {
  return {
    file: path.join(cluster.bin, 'postgres'),
    args: serverArguments(cluster),
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    cwd: cluster.dataDir,
    uid: cluster.account.uid,
    gid: cluster.account.gid,
    logFile,
    // Postgres calls this a fast shutdown: it ends the sessions and writes everything down.
    stopSignal: 'SIGINT',
    endsWithParent: false,
  };
}
