import { createHash, randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../../core/errors/errors';
import type { NameFinding } from '../../../core/releases/nameFindings';
import type { ReleaseState } from '../../../core/releases/state';
import { publishRequestSchema, type PublishRequest } from '../../../contracts/releases/publish';
import { openFakeServer, type Exchange } from './server';

/**
 * The publisher's half of the HTTP surface over one release in memory, for tests of the command line
 * alone: what it sends, in which order, and what it makes of the answers. The real platform behind
 * the same surface is proven by the end-to-end tests.
 */
export interface SmallMarketplace {
  url: string;
  token: string;
  requests: { method: string; path: string; authorization: string | undefined; bytes: number }[];
  submissions: PublishRequest[];
  parts: Map<number, Buffer>;
  /** Versions that exist already. */
  versions: { version: string; channel: string }[];
  /** What the release tells of its plugin's name. */
  nameFindings: NameFinding[];
  /** Whose the token is. */
  subject: { kind: string; id: string; scopes: string[] };
  /** Fingerprints of the keys that are registered. */
  keys: string[];
  /** The state that the release is shown in. */
  state: ReleaseState;
  /** The rollout that it is shown with. */
  rollout: object | null;
  /** Answers to give instead of the next ones, by `METHOD path-end`. */
  failNext(match: string, code: ErrorCode, times?: number): void;
  close(): Promise<void>;
}

const TOKEN = 'px_test_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const RECEIPT_AT = '2026-11-21T12:00:00.000Z';

export async function startSmallMarketplace(): Promise<SmallMarketplace> {
  const queueId = randomUUID();
  const failures: { match: string; code: ErrorCode }[] = [];
  const store: SmallMarketplace = {
    url: '',
    token: TOKEN,
    requests: [],
    submissions: [],
    parts: new Map(),
    versions: [],
    nameFindings: [],
    subject: { kind: 'publisher', id: 'someone', scopes: ['plugin:publish', 'release:read'] },
    keys: [],
    state: 'scanning',
    rollout: null,
    failNext: (match, code, times = 1) => {
      for (let index = 0; index < times; index += 1) failures.push({ match, code });
    },
    close: () => server.close(),
  };

  const server = await openFakeServer(TOKEN, async (exchange) => {
    const { request, method } = exchange;
    const path = decodeURIComponent(exchange.path);
    const body = await exchange.readBytes();
    store.requests.push({ method, path, authorization: request.headers.authorization, bytes: body.length });
    const failing = failures.findIndex(
      ({ match }) => `${method} ${path}`.endsWith(match) || match === method,
    );
    if (failing >= 0) return exchange.refuse(failures.splice(failing, 1)[0]!.code);
    if (method === 'PUT') return putPart(store, path, body, exchange);
    if (!exchange.isAuthorised) return exchange.refuse('TOKEN_INVALID');
    exchange.json(reply(store, method, path, body, queueId));
  });
  store.url = server.url;
  return store;
}

function reply(
  store: SmallMarketplace,
  method: string,
  path: string,
  body: Buffer,
  queueId: string,
): unknown {
  const submission = store.submissions.at(-1);
  if (path.endsWith('/versions')) return { versions: store.versions.map((each) => versionRow(each)) };
  if (path.endsWith('/whoami')) return store.subject;
  if (path.endsWith('/keys')) return { keys: store.keys.map(keyRow) };
  if (path.endsWith('/publish')) {
    const request = publishRequestSchema.parse(JSON.parse(body.toString()));
    store.submissions.push(request);
    return createReceipt(request, queueId);
  }
  if (path.endsWith('/upload/abort')) return { versionId: formatVersionId(submission!), state: 'withdrawn' };
  if (path.endsWith('/withdraw')) return { versionId: formatVersionId(submission!), state: 'withdrawn' };
  if (path.endsWith('/finalise')) return { versionId: formatVersionId(submission!), state: 'scanning' };
  if (path.endsWith('/upload')) return createPlan(store, submission!);
  return method === 'GET' ? createView(submission!, queueId, store) : {};
}

const formatVersionId = ({ pluginId, version }: PublishRequest): string => `${pluginId}@${version}`;

const versionRow = ({ version, channel }: { version: string; channel: string }) => ({
  ...{ version, channel, versionId: `x@${version}`, state: 'completed' },
  ...{ listedAt: RECEIPT_AT, withdrawnAt: null },
});

const keyRow = (fingerprint: string) => ({ fingerprint, armored: '', expiresAt: null, revokedAt: null });

const createReceipt = (request: PublishRequest, reviewQueueId: string) => ({
  publishId: `release:${formatVersionId(request)}`,
  versionId: formatVersionId(request),
  reviewQueueId,
  channel: request.channel,
  uploadUrl: '/upload',
  statusUrl: '/status',
  submittedAt: RECEIPT_AT,
  nextCheckAt: RECEIPT_AT,
  sla: { expectedReviewDuration: '4h' },
});

const createPlan = (store: SmallMarketplace, request: PublishRequest) => ({
  versionId: formatVersionId(request),
  state: 'uploading',
  expiresAt: RECEIPT_AT,
  parts: request.artefact.parts.map(({ number, bytes, sha256 }) => ({
    ...{ number, bytes, sha256, present: store.parts.has(number) },
    ...(store.parts.has(number)
      ? {}
      : { put: { url: `${store.url}/objects/${number}?signature=hush`, headers: {} } }),
  })),
});

function createView(
  request: PublishRequest,
  reviewQueueId: string,
  { state, nameFindings, rollout }: Pick<SmallMarketplace, 'state' | 'nameFindings' | 'rollout'>,
) {
  const { pluginId, version, channel, artefact, manifest, notes } = request;
  return {
    ...{
      publishId: `release:${formatVersionId(request)}`,
      versionId: formatVersionId(request),
      pluginId,
      version,
      channel,
    },
    ...{ publisherId: 'someone', name: manifest.name, notes, state },
    ...{ submittedAt: RECEIPT_AT, updatedAt: RECEIPT_AT, packageSha256: artefact.sha256 },
    ...{
      packageBytes: artefact.bytes,
      manifestDigest: artefact.manifestDigest,
      signedBy: artefact.signedBy ?? null,
    },
    ...{ permissions: manifest.permissions, problems: [], scans: [], rollout, nameFindings },
    review: {
      ...{ reviewQueueId, state: 'pending', slaDeadline: null, decision: null, reviewer: null, notes: null },
    },
  };
}

/** Takes a part only if its bytes are those that were announced. */
function putPart(store: SmallMarketplace, path: string, body: Buffer, { json, refuse }: Exchange): void {
  const number = Number(path.split('/').at(-1));
  const part = store.submissions.at(-1)?.artefact.parts.find((each) => each.number === number);
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (part?.sha256 !== sha256) return refuse('PART_DIGEST');
  store.parts.set(number, body);
  json({});
}
