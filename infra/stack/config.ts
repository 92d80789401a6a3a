import path from 'node:path';
import { z } from 'zod';
import { textSetting, urlSetting } from '../../platform/settings/text';
import { InfraFailure } from '../terminal/failure';

export type PortName =
  | 'api'
  | 'objects'
  | 'codec'
  | 'worker'
  | 'signer'
  | 'temporal'
  | 'temporalHttp'
  | 'temporalUi'
  | 'postgres'
  | `host-${string}`;

/** Everything that can be said about a stack before it starts; the only place that reads settings. */
export interface StackConfig {
  /** Absolute path of the folder that keeps all state. */
  stateDir: string;
  /** Empties the state before the start. */
  isFresh: boolean;
  /** Address that everything listens on. */
  bindHost: string;
  /** Ports that the user asked for; all others are chosen free and remembered. */
  ports: ReadonlyMap<PortName, number>;
  databaseUrl?: string | undefined;
  /** Addresses for API, worker and signer, where the roles that they connect as are kept by other means. */
  apiDatabaseUrl?: string | undefined;
  workerDatabaseUrl?: string | undefined;
  signerDatabaseUrl?: string | undefined;
  temporalAddress?: string | undefined;
  temporalUiUrl?: string | undefined;
  temporalNamespace: string;
  objectsDriver: 'filesystem' | 'gcs';
  tenants: readonly string[];
  /** Seconds between two questions of a host to the feed. */
  pollSeconds: number;
  logLevel: string;
  /** How long a component may take until its health check passes. */
  healthDeadlineMs: number;
  /** Where Postgres may keep data when its account cannot reach the state folder, best first. */
  postgresRuntimeRoots: readonly string[];
  /** Keys that encrypt what workflows hold, as API, worker and codec endpoint take them. */
  payloadKeys?: string | undefined;
  /** Settings of the user that every program needs as they are: search path, home, certificates. */
  inherited: NodeJS.ProcessEnv;
  /** Settings of a cluster or a provider's store, with their credentials: for API and worker alone. */
  inheritedByServers: NodeJS.ProcessEnv;
}

const port = z.coerce.number().int().min(1).max(65_535).optional();

const settings = z.object({
  SPILLWAY_STATE_DIR: textSetting().default('.spillway'),
  SPILLWAY_BIND_HOST: textSetting().default('127.0.0.1'),
  SPILLWAY_API_PORT: port,
  SPILLWAY_OBJECTS_PORT: port,
  SPILLWAY_WORKER_PORT: port,
  SPILLWAY_SIGNER_PORT: port,
  SPILLWAY_TEMPORAL_PORT: port,
  SPILLWAY_TEMPORAL_UI_PORT: port,
  SPILLWAY_CODEC_PORT: port,
  SPILLWAY_POSTGRES_PORT: port,
  SPILLWAY_HOST_PORT_BASE: port,
  DATABASE_URL: urlSetting().optional(),
  SPILLWAY_API_DATABASE_URL: urlSetting().optional(),
  SPILLWAY_WORKER_DATABASE_URL: urlSetting().optional(),
  SPILLWAY_SIGNER_DATABASE_URL: urlSetting().optional(),
  TEMPORAL_ADDRESS: textSetting().optional(),
  TEMPORAL_UI_URL: urlSetting().optional(),
  TEMPORAL_NAMESPACE: textSetting().default('default'),
  SPILLWAY_PAYLOAD_KEYS: textSetting().optional(),
  SPILLWAY_OBJECTS_DRIVER: z.enum(['filesystem', 'gcs']).default('filesystem'),
  SPILLWAY_TENANTS: z
    .string()
    .max(10_000)
    .regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/)
    .default('acme,globex,initech,umbrella,hooli'),
  SPILLWAY_POLL_SECONDS: z.coerce.number().positive().max(3_600).default(2),
  SPILLWAY_HEALTH_DEADLINE_SECONDS: z.coerce.number().positive().max(3_600).default(60),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** The system's own, and every setting of the product that holds no credential. */
const INHERITED =
  /^(PATH|HOME|USER|LANG|LC_ALL|TMPDIR|TZ|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|SPILLWAY_(?!.*(TOKEN|SECRET|PASSWORD|DATABASE|OBJECTS|_KEYS)).+)$/;

/** A cluster's and a provider's own; hosts run the code of strangers and get none of them. */
const INHERITED_BY_SERVERS = /^(TEMPORAL|GOOGLE|SPILLWAY_OBJECTS)_.+$/;

export interface StackArguments {
  state?: string | undefined;
  fresh?: boolean | undefined;
}

/**
 * Reads arguments and environment once.
 * @throws InfraFailure naming every setting that is wrong
 */
export function parseStackConfig(args: StackArguments, env: NodeJS.ProcessEnv): StackConfig {
  // An empty setting means "not set", as it does for every other program.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InfraFailure('settings', wrong.join('; '), 'correct or unset them');
  }
  const value = parsed.data;
  const tenants = value.SPILLWAY_TENANTS.split(',');
  return {
    stateDir: path.resolve(args.state ?? value.SPILLWAY_STATE_DIR),
    isFresh: args.fresh ?? false,
    bindHost: value.SPILLWAY_BIND_HOST,
    ports: requestedPorts(value, tenants),
    databaseUrl: value.DATABASE_URL,
    apiDatabaseUrl: value.SPILLWAY_API_DATABASE_URL,
    workerDatabaseUrl: value.SPILLWAY_WORKER_DATABASE_URL,
    signerDatabaseUrl: value.SPILLWAY_SIGNER_DATABASE_URL,
    temporalAddress: value.TEMPORAL_ADDRESS,
    temporalUiUrl: value.TEMPORAL_UI_URL,
    temporalNamespace: value.TEMPORAL_NAMESPACE,
    payloadKeys: value.SPILLWAY_PAYLOAD_KEYS,
    objectsDriver: value.SPILLWAY_OBJECTS_DRIVER,
    tenants,
    pollSeconds: value.SPILLWAY_POLL_SECONDS,
    logLevel: value.LOG_LEVEL,
    healthDeadlineMs: value.SPILLWAY_HEALTH_DEADLINE_SECONDS * 1000,
    postgresRuntimeRoots: ['/var/lib', '/tmp'],
    inherited: select(given, INHERITED),
    inheritedByServers: select(given, INHERITED_BY_SERVERS),
  };
}

const select = (env: NodeJS.ProcessEnv, names: RegExp): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));

function requestedPorts(value: z.infer<typeof settings>, tenants: string[]): Map<PortName, number> {
  const asked: [PortName, number | undefined][] = [
    ['api', value.SPILLWAY_API_PORT],
    ['objects', value.SPILLWAY_OBJECTS_PORT],
    ['worker', value.SPILLWAY_WORKER_PORT],
    ['signer', value.SPILLWAY_SIGNER_PORT],
    ['temporal', value.SPILLWAY_TEMPORAL_PORT],
    ['temporalUi', value.SPILLWAY_TEMPORAL_UI_PORT],
    ['codec', value.SPILLWAY_CODEC_PORT],
    ['postgres', value.SPILLWAY_POSTGRES_PORT],
  ];
  const base = value.SPILLWAY_HOST_PORT_BASE;
  tenants.forEach((tenant, index) => asked.push([`host-${tenant}`, base && base + index]));
  return new Map(asked.filter((entry): entry is [PortName, number] => entry[1] !== undefined));
}
