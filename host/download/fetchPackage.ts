import { rm } from 'node:fs/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { refusal } from '../../core/errors/errors';
import { checkAddress, publicLookup } from './addressGuard';
import { asRefusal, readRefusal, tooLarge, withoutQuery } from './refusals';
import { checkDigest, saveBody } from './saveBody';
import type { Job } from '../disk/jobRecord';

export interface FetchOptions {
  /** Origins that may be private: the marketplace and its object store. */
  allowedOrigins: ReadonlySet<string>;
  maxBytes: number;
  /** The Authorization header for an address, if it should get one. */
  authorization: (url: URL) => string | undefined;
}

export type FetchPackage = (source: Job['source'], target: string, signal: AbortSignal) => Promise<void>;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const TIMEOUTS = { headersTimeout: 30_000, bodyTimeout: 60_000 };

/**
 * Makes the function that fetches a package: streamed to a new file, never above the announced or the
 * allowed size, and refused unless size and SHA-256 are those announced (INS-02). Every redirect is
 * checked like the first address, and only the marketplace is shown the token.
 */
export function createFetch(options: FetchOptions): { fetchPackage: FetchPackage; close(): Promise<void> } {
  const guarded = new Agent({ ...TIMEOUTS, connect: { lookup: publicLookup } });
  const trusted = new Agent(TIMEOUTS);
  const agentFor = (url: URL) => (options.allowedOrigins.has(url.origin) ? trusted : guarded);

  const fetchPackage: FetchPackage = async (source, target, signal) => {
    const { body, url } = await follow(source.url, options, agentFor, signal);
    try {
      const got = await saveBody(body, target, source.bytes ?? options.maxBytes, source.bytes !== undefined);
      checkDigest(got, source);
    } catch (error) {
      abandon(body);
      await rm(target, { force: true });
      throw asRefusal(error, url, signal);
    }
  };
  const close = async () => {
    await Promise.all([guarded.destroy(), trusted.destroy()]);
  };
  return { fetchPackage, close };
}

type Answer = Dispatcher.ResponseData;

async function follow(
  address: string,
  options: FetchOptions,
  agentFor: (url: URL) => Agent,
  signal: AbortSignal,
): Promise<{ body: Answer['body']; url: URL }> {
  let url = parseAddress(address);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    checkAddress(url, options.allowedOrigins);
    const answer = await ask(url, options, agentFor(url), signal);
    const location = REDIRECTS.has(answer.statusCode) ? answer.headers.location : undefined;
    if (answer.statusCode === 200) {
      checkLength(answer, options);
      return { body: answer.body, url };
    }
    if (typeof location !== 'string') throw await readRefusal(answer, url);
    abandon(answer.body);
    url = parseAddress(location, url);
  }
  throw refusal(
    'INSTALL_SOURCE_REFUSED',
    `${withoutQuery(url)} redirects more than ${MAX_REDIRECTS} times.`,
    '/url',
  );
}

/** Closes a connection whose body is not needed; the error that this raises is ignored. */
const abandon = (body: Answer['body']): void => void body.on('error', () => undefined).destroy();

function parseAddress(address: string, base?: URL): URL {
  if (URL.canParse(address, base?.href)) return new URL(address, base);
  throw refusal('INSTALL_SOURCE_REFUSED', 'The address of the package is not a URL.', '/url');
}

async function ask(url: URL, options: FetchOptions, agent: Agent, signal: AbortSignal): Promise<Answer> {
  const authorization = options.authorization(url);
  const headers = { 'accept-encoding': 'identity', ...(authorization ? { authorization } : {}) };
  try {
    return await request(url, { dispatcher: agent, headers, signal });
  } catch (error) {
    throw asRefusal(error, url, signal);
  }
}

function checkLength({ headers, body }: Answer, { maxBytes }: FetchOptions): void {
  const length = Number(headers['content-length'] ?? 0);
  if (length <= maxBytes) return;
  abandon(body);
  throw tooLarge(maxBytes);
}
