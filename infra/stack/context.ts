import path from 'node:path';
import type { PortName, StackConfig } from './config';
import type { StackAddresses, StackSecrets } from './state';

/** Files that the stack runs; tests put small programs in their place. */
export interface Entries {
  api: string;
  objects: string;
  codec: string;
  worker: string;
  host: string;
  hostTrial: string;
  migrate: string;
  trust: string;
  signer: string;
  workflowBundle: string;
  webDir: string;
}

/** The entry points of the product, as `npm run build` leaves them. */
export function builtEntries(root: string): Entries {
  const dist = (name: string): string => path.join(root, 'dist', name);
  return {
    api: dist('api.cjs'),
    objects: dist('objects.cjs'),
    codec: dist('codec.cjs'),
    worker: dist('worker.cjs'),
    host: dist('host.cjs'),
    hostTrial: dist('host-trial.cjs'),
    migrate: dist('migrate.cjs'),
    trust: dist('trust.cjs'),
    signer: dist('signer.cjs'),
    workflowBundle: dist('workflows.cjs'),
    webDir: path.join(root, 'web', 'dist'),
  };
}

/** What every component needs to know of the stack. */
export interface StackContext {
  config: StackConfig;
  entries: Entries;
  ports: Readonly<Record<string, number>>;
  /** Filled while the stack starts: tokens and the database's address are known only then. */
  secrets: StackSecrets;
  /** Writes the secrets down. */
  keepSecrets(): void;
}

export function buildUrl(context: StackContext, name: PortName): string {
  return `http://${buildAddress(context, name)}`;
}

export function buildAddress(context: StackContext, name: PortName): string {
  return `${chooseBindHost(context, name)}:${context.ports[name]}`;
}

const LOOPBACK = '127.0.0.1';
/** These ask nobody who they are: whoever reaches them may end every workflow, or read what is encrypted. */
const LOOPBACK_ONLY: ReadonlySet<PortName> = new Set(['temporal', 'temporalHttp', 'temporalUi', 'codec']);

/** Where a component listens: as the settings say, but for what asks nobody who they are. */
export const chooseBindHost = ({ config }: StackContext, name: PortName): string =>
  LOOPBACK_ONLY.has(name) && !config.bindHost.startsWith('127.') ? LOOPBACK : config.bindHost;

export function inState({ config }: StackContext, ...names: string[]): string {
  return path.join(config.stateDir, ...names);
}

export function locateLogFile(context: StackContext, name: string): string {
  return inState(context, 'logs', `${name}.log`);
}

export function temporalAddress(context: StackContext): string {
  return context.config.temporalAddress ?? buildAddress(context, 'temporal');
}

export function temporalUiUrl(context: StackContext): string | undefined {
  return context.config.temporalAddress ? context.config.temporalUiUrl : buildUrl(context, 'temporalUi');
}

/** Where a person or a test finds everything. */
export function listAddresses(context: StackContext): StackAddresses {
  const { config } = context;
  const api = buildUrl(context, 'api');
  return {
    web: `${api}/`,
    api,
    docs: `${api}/docs`,
    objects: config.objectsDriver === 'filesystem' ? buildUrl(context, 'objects') : undefined,
    temporal: temporalAddress(context),
    temporalUi: temporalUiUrl(context),
    worker: buildUrl(context, 'worker'),
    hosts: Object.fromEntries(config.tenants.map((tenant) => [tenant, buildUrl(context, `host-${tenant}`)])),
  };
}
