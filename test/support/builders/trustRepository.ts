import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { SignedReleases, SignedVersion } from '../../../contracts/distribution/releases';
import { canonicalJson } from '../../../core/canonicalJson';
import { holdCeremony, readOnlineKeys, type TrustFolders } from '../../../signer/ceremony';
import { signChanges, type Repository } from '../../../signer/repository';
import { defaultLifetimes, type Lifetimes } from '../../../signer/roles';
import { temporaryFolder } from '../temporaryFolder';
import { PLUGIN } from './manifest';

export const TENANT_KEY = '000102030405060708090a0b0c0d0e0f';

/** A version as the signer states it, offered to everyone unless a test says otherwise. */
export const signedVersion = (over: Partial<SignedVersion> = {}): SignedVersion => ({
  version: '1.0.0',
  channel: 'stable',
  state: 'listed',
  revision: 1,
  at: '2026-11-28T00:00:00.000Z',
  stage: 1,
  rule: { salt: 's', basisPoints: 10_000, allow: [], deny: [] },
  package: { sha256: 'a'.repeat(64), bytes: 1, manifestDigest: '' },
  previousVersion: null,
  ...over,
});

export const signedReleases = (
  versions: SignedVersion[],
  over: Partial<SignedReleases> = {},
): SignedReleases => ({
  pluginId: PLUGIN,
  publisherId: 'example',
  keys: ['A'.repeat(40)],
  versions,
  ...over,
});

export interface TrustRepository {
  url: string;
  folders: TrustFolders;
  pinnedRoot: string;
  /** What is served, by file name: an attack changes it. */
  files: Map<string, string>;
  requests: string[];
  /** Answers a file once more with a handler of the test's own. */
  answer(name: string, handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** Signs what is stated now, and serves it. */
  publish(documents: SignedReleases[], now?: Date): Promise<void>;
  close(): Promise<void>;
}

/** A real repository behind a real server, from a real ceremony. */
export async function startTrustRepository(
  lifetimes: Lifetimes = defaultLifetimes,
  prefix = '/api/trust',
): Promise<TrustRepository> {
  const folder = temporaryFolder('trust');
  const folders = { offline: path.join(folder, 'offline'), online: path.join(folder, 'online') };
  await holdCeremony(folders, { rootKeys: 3, threshold: 2 }, new Date());
  const files = new Map<string, string>();
  const handlers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const requests: string[] = [];
  let repository: Repository | undefined;
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').replace(`${prefix}/`, ''));
    requests.push(name);
    const handler = handlers.get(name);
    if (handler) return handler(request, response);
    const body = files.get(name);
    if (body === undefined) return void response.writeHead(404).end();
    response.writeHead(200).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    folders,
    pinnedRoot: await readFile(path.join(folders.online, 'root', '1.root.json'), 'utf8'),
    files,
    requests,
    answer: (name, handler) => void handlers.set(name, handler),
    async publish(documents, now = new Date()) {
      const { keys, root, roots } = await readOnlineKeys(folders.online);
      for (const each of roots) {
        files.set(`${each.signed.version}.root.json`, canonicalJson(each.toJSON()));
      }
      const statements = documents.map((document) => ({ ...document, body: canonicalJson(document) }));
      const before = { publishers: new Map(), ...repository, root };
      const signed = signChanges(before, statements, { keys, lifetimes, now });
      repository = signed.repository;
      for (const { name, body } of signed.files) files.set(name, body);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
