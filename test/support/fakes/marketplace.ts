import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportBatchSchema, type Report } from '../../../contracts/installations/reports';
import type { FeedEntry } from '../../../contracts/rollouts/feed';
import type { BuiltPackage } from '../../../pxp/createPackage';
import type { SigningKey } from '../../../pxp/signing';
import { PLUGIN } from '../builders/manifest';

interface Served {
  built: BuiltPackage;
  /** Bytes a second; unlimited when absent. */
  slow?: number;
  file?: string;
}

/** A marketplace and store in one small server: a real feed, real packages, real reports. */
export interface TestMarketplace {
  url: string;
  token: string;
  reports: Report[];
  subscriptions: Map<string, unknown>;
  requests: string[];
  offer(built: BuiltPackage, options?: Partial<FeedEntry> & { slow?: number; file?: string }): FeedEntry;
  withdraw(version: string, previousVersion?: string | null, pluginId?: string): void;
  /** Stops answering anything but downloads. */
  setDown(down: boolean): void;
  /** Answers a path once more with a handler of the test's own. */
  route(path: string, handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  kinds(version: string): string[];
  close(): Promise<void>;
}

const PUBLISHER = 'example';
const EVERY = { salt: 's', basisPoints: 10_000, allow: [], deny: [] };

export async function startMarketplace(keys: readonly SigningKey[]): Promise<TestMarketplace> {
  const state = {
    entries: [] as FeedEntry[],
    packages: new Map<string, Served>(),
    reports: [] as Report[],
    subscriptions: new Map<string, unknown>(),
    requests: [] as string[],
    routes: new Map<string, (request: IncomingMessage, response: ServerResponse) => void>(),
    down: false,
  };
  const token = 'tenant_token';
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '/', url);
    state.requests.push(`${request.method} ${address.pathname}`);
    const own = state.routes.get(address.pathname);
    if (own) return own(request, response);
    if (address.pathname.startsWith('/store/')) return await sendPackage(address.pathname.slice(7), response);
    if (state.down) return void response.writeHead(503).end();
    if (request.headers.authorization !== `Bearer ${token}`) return problem(response, 401, 'TOKEN_INVALID');
    if (address.pathname === '/api/v1/feed')
      return json(response, feedPage(Number(address.searchParams.get('since'))));
    if (address.pathname === '/api/v1/reports') return await takeReports(request, response);
    if (address.pathname === '/api/marketplace/plugins') return json(response, { plugins: [], next: null });
    if (/\/publishers\/example\/keys$/.test(address.pathname))
      return json(response, { keys: keys.map(asKey) });
    const download = /^\/api\/v1\/plugins\/([^/]+)\/versions\/([^/]+)\/download$/.exec(address.pathname);
    if (download) return redirect(`${download[1]}@${download[2]}`, response);
    const subscription = /^\/api\/v1\/subscriptions\/(.+)$/.exec(address.pathname);
    if (subscription?.[1]) {
      const body = (await readBody(request)) as object;
      state.subscriptions.set(subscription[1], body);
      return json(response, body);
    }
    problem(response, 404, 'NOT_FOUND');
  }

  function feedPage(since: number) {
    const entries = state.entries.filter((entry) => entry.revision > since);
    return { entries, next: entries.at(-1)?.revision ?? since, more: false, pollAfterSeconds: 0.1 };
  }

  function redirect(versionId: string, response: ServerResponse): void {
    const word = state.entries.findLast((entry) => entry.versionId === versionId);
    if (!word) return problem(response, 404, 'NOT_FOUND');
    if (word.kind === 'withdraw') return problem(response, 410, 'VERSION_WITHDRAWN');
    response.writeHead(302, { location: `${url}/store/${versionId}?signature=secret` }).end();
  }

  async function sendPackage(versionId: string, response: ServerResponse): Promise<void> {
    const served = state.packages.get(versionId);
    if (!served) return void response.writeHead(404).end();
    const file = served.file ?? served.built.path;
    if (served.slow === undefined) {
      response.writeHead(200);
      return void createReadStream(file).pipe(response);
    }
    const bytes = await readFile(file);
    response.writeHead(200, { 'content-length': bytes.length });
    const step = Math.max(1, Math.floor(served.slow / 20));
    for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
      response.write(bytes.subarray(at, at + step));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    response.end();
  }

  async function takeReports(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { reports } = reportBatchSchema.parse(await readBody(request));
    const known = new Set(state.reports.map(({ reportId }) => reportId));
    const fresh = reports.filter(({ reportId }) => !known.has(reportId));
    state.reports.push(...fresh);
    json(response, { accepted: fresh.length, repeated: reports.length - fresh.length }, 202);
  }

  return {
    url,
    token,
    reports: state.reports,
    subscriptions: state.subscriptions,
    requests: state.requests,
    offer(built, { slow, file, ...entry } = {}) {
      const offered = entryFor(built, state.entries.length + 1, entry);
      state.packages.set(offered.versionId, {
        built,
        ...(slow === undefined ? {} : { slow }),
        ...(file === undefined ? {} : { file }),
      });
      state.entries.push(offered);
      return offered;
    },
    withdraw(version, previousVersion = null, pluginId = PLUGIN) {
      const before = state.entries.findLast(
        (entry) => entry.pluginId === pluginId && entry.version === version,
      );
      if (!before) throw new Error(`${version} was never offered`);
      const revision = state.entries.length + 1;
      state.entries.push({ ...before, revision, kind: 'withdraw', previousVersion });
    },
    setDown: (down) => void (state.down = down),
    route: (path, handler) => void state.routes.set(path, handler),
    kinds: (version) => state.reports.filter((each) => each.version === version).map((each) => each.kind),
    close: () => closed(server),
  };
}

const asKey = ({ fingerprint, publicKeyArmored }: SigningKey) => ({
  fingerprint,
  armored: publicKeyArmored,
  expiresAt: null,
  revokedAt: null,
  revokedReason: null,
});

function entryFor(built: BuiltPackage, revision: number, entry: Partial<FeedEntry>): FeedEntry {
  const pluginId = entry.pluginId ?? PLUGIN;
  const version = entry.version ?? /-(\d+\.\d+\.\d+[^-]*)-any-any/.exec(built.path)?.[1] ?? '0.0.0';
  return {
    kind: 'offer',
    at: new Date().toISOString(),
    versionId: `${pluginId}@${version}`,
    channel: 'stable',
    rule: EVERY,
    stage: 1,
    package: { sha256: built.sha256, bytes: built.bytes, manifestDigest: built.manifestDigest },
    publisherId: PUBLISHER,
    signedBy: createHash('sha1').update('key').digest('hex'),
    previousVersion: null,
    ...entry,
    pluginId,
    version,
    revision,
  };
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const problem = (response: ServerResponse, status: number, code: string): void =>
  json(response, { code, status, detail: `Answered with ${code}.`, errors: [] }, status);

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return JSON.parse(text);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
