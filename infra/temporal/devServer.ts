import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Command } from '../../platform/processes/child';

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
  /** Port of the HTTP interface, which the server always opens and only our probe uses. */
  httpPort: number;
  /** The only name of a host that the HTTP interface answers to, as {@link createHttpHost} makes it. */
  httpHost: string;
  namespace: string;
  /** Port of the web interface; without it there is none. */
  uiPort?: number | undefined;
  /** Where the web interface has encrypted payloads opened. */
  codecUrl?: string | undefined;
  /** File that keeps workflows over restarts; without it they live in memory. */
  dbFile?: string | undefined;
  logFile: string;
}

/** How to run Temporal's development server. */
export function devServerCommand(options: DevServerOptions): Command {
  const { program, host, port, httpPort, httpHost, namespace, uiPort, codecUrl, dbFile, logFile } = options;
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
    '--dynamic-config-value',
    `frontend.httpAllowedHosts=${JSON.stringify([httpHost])}`,
    '--namespace',
    namespace,
  ];
  const ui = uiPort ? ['--ui-port', String(uiPort), '--ui-ip', host] : ['--headless'];
  const codec = codecUrl ? ['--ui-codec-endpoint', codecUrl] : [];
  const file = dbFile ? ['--db-filename', dbFile] : [];
  return {
    file: program,
    args: ['server', 'start-dev', ...address, ...ui, ...codec, ...file, ...attributes, '--log-level', 'warn'],
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
export async function probeTemporal(httpUrl: string, namespace: string, httpHost: string): Promise<void> {
  const url = `${httpUrl}/api/v1/namespaces/${namespace}`;
  const { status, body } = await ask(url, httpHost);
  if (status !== 200) throw new Error(`${url} answered ${status}`);
  if (!body.includes(namespace)) throw new Error(`${url} answered another page`);
}

/**
 * A name that no page can know. A browser sends the name by which its page reached the server, so a page of
 * another origin, or one whose name was made to lead here, is refused with 403.
 */
export const createHttpHost = (): string => `${randomBytes(16).toString('hex')}.invalid`;

const PROBE_MS = 2_000;

/** By Node's own client: `fetch` lets nobody choose the host. */
async function ask(url: string, host: string): Promise<{ status: number | undefined; body: string }> {
  const request = get(url, { headers: { host }, timeout: PROBE_MS, signal: AbortSignal.timeout(PROBE_MS) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}
