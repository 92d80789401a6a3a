import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { reportBatchSchema, type Report } from '../../../contracts/installations/reports';
import type { FeedEntry } from '../../../contracts/rollouts/feed';
import type { BuiltPackage } from '../../../pxp/createPackage';
import type { SigningKey } from '../../../pxp/signing';
import { PLUGIN } from '../builders/manifest';
import { openFakeServer, type Exchange } from './server';

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
  /** Sets its clock ahead of this machine's, in milliseconds. */
  setClock(aheadMs: number): void;
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
    aheadMs: 0,
  };
  const token = 'tenant_token';

  async function answer(exchange: Exchange): Promise<void> {
    const { request, response, method, path } = exchange;
    state.requests.push(`${method} ${path}`);
    if (state.aheadMs !== 0) response.setHeader('date', new Date(Date.now() + state.aheadMs).toUTCString());
    const own = state.routes.get(path);
    if (own) return own(request, response);
    if (path.startsWith('/store/')) return await sendPackage(path.slice(7), response);
    if (state.down) return void response.writeHead(503).end();
    if (!exchange.isAuthorised) return exchange.refuse('TOKEN_INVALID');
    if (path === '/api/v1/feed') return exchange.json(feedPage(Number(exchange.query.get('since'))));
    if (path === '/api/v1/reports') return await takeReports(exchange);
    if (path === '/api/marketplace/plugins') return exchange.json({ plugins: [], next: null });
    if (/\/publishers\/example\/keys$/.test(path)) return exchange.json({ keys: keys.map(asKey) });
    const download = /^\/api\/v1\/plugins\/([^/]+)\/versions\/([^/]+)\/download$/.exec(path);
    if (download) return redirect(`${download[1]}@${download[2]}`, exchange);
    const subscription = /^\/api\/v1\/subscriptions\/(.+)$/.exec(path);
    if (subscription?.[1]) {
      const body = (await readJson(exchange)) as object;
      state.subscriptions.set(subscription[1], body);
      return exchange.json(body);
    }
    exchange.refuse('NOT_FOUND');
  }

  function feedPage(since: number) {
    const entries = state.entries.filter((entry) => entry.revision > since);
    return { entries, next: entries.at(-1)?.revision ?? since, more: false, pollAfterSeconds: 0.1 };
  }

  function redirect(versionId: string, { response, refuse }: Exchange): void {
    const word = state.entries.findLast((entry) => entry.versionId === versionId);
    if (!word) return refuse('NOT_FOUND');
    if (word.kind === 'withdraw') return refuse('VERSION_WITHDRAWN');
    response.writeHead(302, { location: `${server.url}/store/${versionId}?signature=secret` }).end();
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

  async function takeReports(exchange: Exchange): Promise<void> {
    const { reports } = reportBatchSchema.parse(await readJson(exchange));
    const known = new Set(state.reports.map(({ reportId }) => reportId));
    const fresh = reports.filter(({ reportId }) => !known.has(reportId));
    state.reports.push(...fresh);
    exchange.json({ accepted: fresh.length, repeated: reports.length - fresh.length, ignored: 0 }, 202);
  }

  const server = await openFakeServer(token, answer);
  return {
    ...server,
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
    setClock: (aheadMs) => void (state.aheadMs = aheadMs),
    setDown: (down) => void (state.down = down),
    route: (path, handler) => void state.routes.set(path, handler),
    kinds: (version) => state.reports.filter((each) => each.version === version).map((each) => each.kind),
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

const readJson = async ({ readBytes }: Exchange): Promise<unknown> => JSON.parse(String(await readBytes()));
