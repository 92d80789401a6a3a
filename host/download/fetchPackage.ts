import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { isErrorCode } from '../../core/errors/catalogue';
import { Refusal, problem, refusal } from '../../core/errors/errors';
import { checkAddress, publicLookup } from './addressGuard';
import type { Job } from '../jobs/journal';

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

/** An address without its query, which may be a signature. */
const withoutQuery = (url: URL): string => `${url.origin}${url.pathname}`;

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
      const got = await save(body, target, source.bytes ?? options.maxBytes, source.bytes !== undefined);
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

const tooLarge = (maxBytes: number): Refusal =>
  refusal('PACKAGE_TOO_LARGE', `The package has more than ${maxBytes} bytes.`);

/** The server's own problem document where there is one, else a refusal by status. */
async function readRefusal({ statusCode, body }: Answer, url: URL): Promise<Refusal> {
  const text = await body.text().catch(() => '');
  const { code, detail } = parseProblem(text.slice(0, 64_000));
  if (typeof code === 'string' && isErrorCode(code)) return refusal(code, String(detail ?? code));
  const temporary = statusCode === 429 || statusCode >= 500;
  const detailText = `${withoutQuery(url)} answered with status ${statusCode}.`;
  return refusal(temporary ? 'UNAVAILABLE' : 'OBJECT_NOT_FOUND', detailText);
}

function parseProblem(text: string): { code?: unknown; detail?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { code?: unknown };
  } catch {
    return {};
  }
}

/** Writes the body to a new file and to disk, and stops as soon as it is too long. */
async function save(body: Answer['body'], target: string, maxBytes: number, announced: boolean) {
  const hash = createHash('sha256');
  const file = await open(target, 'w');
  let bytes = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > maxBytes) {
        if (!announced) throw tooLarge(maxBytes);
        throw refusal(
          'PACKAGE_DIGEST',
          `The package has more than the ${maxBytes} bytes that were announced.`,
        );
      }
      hash.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

function checkDigest(got: { bytes: number; sha256: string }, { bytes, sha256 }: Job['source']): void {
  const problems = [
    ...(bytes !== undefined && got.bytes !== bytes
      ? [problem('PACKAGE_DIGEST', `The package has ${got.bytes} bytes; ${bytes} were announced.`)]
      : []),
    ...(sha256 !== undefined && got.sha256 !== sha256
      ? [problem('PACKAGE_DIGEST', `The package has the SHA-256 ${got.sha256}; ${sha256} was announced.`)]
      : []),
  ];
  if (problems.length > 0) throw new Refusal(problems);
}

/** Network errors are temporary; a refusal by the address guard may be the error's cause. */
function asRefusal(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (error instanceof Refusal || signal.aborted) return error;
  const { code, name, cause } = (error ?? {}) as { code?: string; name?: string; cause?: unknown };
  if (cause instanceof Refusal) return cause;
  const isLocal =
    code !== undefined && ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EACCES', 'EMFILE'].includes(code);
  return isLocal
    ? error
    : refusal('UNAVAILABLE', `${withoutQuery(url)} could not be read (${code ?? name ?? 'no reason'}).`);
}
