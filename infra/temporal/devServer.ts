import type { Command } from '../../platform/processes/child';
import { probeHttp } from '../../platform/processes/ready';

/**
 * Custom search attributes that the release and rollout workflows set. The server must know them before the first
 * workflow starts; a cluster of one's own gets the same list by `temporal operator search-attribute create`.
 */
const SEARCH_ATTRIBUTES = {
  PluginId: 'Keyword',
  PluginVersion: 'Keyword',
  ReleaseChannel: 'Keyword',
  ReleaseState: 'Keyword',
  RolloutStage: 'Int',
  RolloutPercentage: 'Double',
  SlaDeadline: 'Datetime',
} as const;

export interface DevServerOptions {
  program: string;
  host: string;
  port: number;
  /** Port of the HTTP interface, which health checks use. */
  httpPort: number;
  namespace: string;
  /** Port of the web interface; without it there is none. */
  uiPort?: number | undefined;
  /** File that keeps workflows over restarts; without it they live in memory. */
  dbFile?: string | undefined;
  logFile: string;
}

/** How to run Temporal's development server. */
export function devServerCommand(options: DevServerOptions): Command {
  const { program, host, port, httpPort, namespace, uiPort, dbFile, logFile } = options;
  const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  const address = [
    '--ip',
    host,
    '--port',
    String(port),
    '--http-port',
    String(httpPort),
    '--namespace',
    namespace,
  ];
  const ui = uiPort ? ['--ui-port', String(uiPort), '--ui-ip', host] : ['--headless'];
  const file = dbFile ? ['--db-filename', dbFile] : [];
  return {
    file: program,
    args: ['server', 'start-dev', ...address, ...ui, ...file, ...attributes, '--log-level', 'warn'],
    // The server reads TEMPORAL_* settings of its own; those of a user's other cluster must not reach it.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC' },
    logFile,
    stopSignal: 'SIGINT',
    endsWithParent: false,
  };
}

/**
 * Throws unless the server answers and has the namespace. It is asked over its HTTP interface: infra/ runs the server,
 * and leaves talking to workflows to the product's own client.
 */
export function probeTemporal(httpUrl: string, namespace: string): Promise<void> {
  return probeHttp(`${httpUrl}/api/v1/namespaces/${namespace}`, namespace);
}
