import { preparePostgres, type PostgresServer } from '../../postgres/server';
import { asRole, query } from '../../postgres/cluster';
import type { ComponentSpec } from '../component';
import { buildAddress, locateLogFile, type StackContext } from '../context';

const DATABASE = 'spillway';

type ProcessName = 'api' | 'worker' | 'signer';

/** Where a process finds the database: in a role of its own, which the migrations make. */
export function processDatabaseUrl({ config, secrets }: StackContext, name: ProcessName): string {
  const own = asRole(secrets.databaseUrl, `spillway_${name}`, secrets[`${name}DatabasePassword`]);
  return config[`${name}DatabaseUrl`] ?? own;
}

/** Passwords that the migrations set; none for a role that has an address of its own. */
export const rolePasswords = ({ config, secrets }: StackContext): NodeJS.ProcessEnv => ({
  ...(config.apiDatabaseUrl ? {} : { SPILLWAY_API_DATABASE_PASSWORD: secrets.apiDatabasePassword }),
  ...(config.workerDatabaseUrl ? {} : { SPILLWAY_WORKER_DATABASE_PASSWORD: secrets.workerDatabasePassword }),
  ...(config.signerDatabaseUrl ? {} : { SPILLWAY_SIGNER_DATABASE_PASSWORD: secrets.signerDatabasePassword }),
});

/** PostgreSQL: the one that `DATABASE_URL` names, else one of our own below the state folder. */
export function postgresComponent(context: StackContext): ComponentSpec {
  const { databaseUrl } = context.config;
  return databaseUrl ? givenDatabase(context, databaseUrl) : ownDatabase(context);
}

function givenDatabase(context: StackContext, url: string): ComponentSpec {
  return {
    kind: 'task',
    name: 'postgres',
    title: 'PostgreSQL',
    dependsOn: [],
    run: async () => {
      const [row] = await query(url, "select current_setting('server_version') as version");
      context.secrets.databaseUrl = url;
      context.keepSecrets();
      return { origin: 'given by DATABASE_URL', version: String(row?.version) };
    },
  };
}

function ownDatabase(context: StackContext): ComponentSpec {
  const { config, secrets, ports } = context;
  let server: PostgresServer | undefined;
  const prepared = (): PostgresServer => {
    if (!server) throw new Error('is not prepared');
    return server;
  };
  return {
    kind: 'service',
    name: 'postgres',
    title: 'PostgreSQL',
    dependsOn: [],
    address: buildAddress(context, 'postgres'),
    logFile: locateLogFile(context, 'postgres'),
    deadlineMs: config.healthDeadlineMs,
    graceMs: 15_000,
    prepare: async () => {
      server = await preparePostgres({
        stateDir: config.stateDir,
        host: config.bindHost,
        port: ports.postgres ?? 0,
        password: secrets.postgresPassword,
        isDurable: true,
        logFile: locateLogFile(context, 'postgres'),
        env: config.inherited,
        runtimeRoots: config.postgresRuntimeRoots,
      });
      secrets.databaseUrl = server.url(DATABASE);
      context.keepSecrets();
      return { origin: server.origin, version: server.version };
    },
    command: () => prepared().command(),
    probe: () => prepared().probe(),
    afterFirstStart: () => prepared().ensureDatabase(DATABASE),
  };
}
