import { isErrorCode } from '../../core/errors/catalogue';
import { Refusal, problem, refusal, type ErrorCode, type Problem } from '../../core/errors/errors';

/** Where a refusal came from; the `cause` of every refusal that this client throws. */
export interface RefusalOrigin {
  method: string;
  path: string;
  /** HTTP status; absent when no answer came. */
  status?: number;
  /** The id under which the server logged the request. */
  requestId?: string;
  /** Seconds that the server asked to wait. */
  retryAfterSeconds?: number;
}

/** Statuses that a repetition can mend. */
const TRANSIENT = new Set([429, 502, 503, 504]);

/** Codes for answers that are no problem document: a proxy's page, a bucket's XML. */
const BY_STATUS: Record<number, ErrorCode> = {
  401: 'TOKEN_INVALID',
  403: 'SCOPE_MISSING',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  429: 'RATE_LIMITED',
  500: 'INTERNAL',
};

/** The origin of a refusal, when it came over HTTP. */
export function getOrigin(error: unknown): RefusalOrigin | undefined {
  const cause = error instanceof Refusal ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'path' in cause
    ? (cause as RefusalOrigin)
    : undefined;
}

/** Whether another try may succeed: nothing came back, or the server said that it is temporary. */
export function isTransient(error: unknown): boolean {
  const origin = getOrigin(error);
  return origin !== undefined && (origin.status === undefined || TRANSIENT.has(origin.status));
}

/** The server's refusal, with all of its problems; an answer in another form gets a code by its status. */
export function refusalFrom(body: string, origin: RefusalOrigin & { status: number }): Refusal {
  const problems = problemsIn(body);
  if (problems.length > 0) return new Refusal(problems, { cause: origin });
  const code = BY_STATUS[origin.status] ?? (origin.status >= 500 ? 'UNAVAILABLE' : 'NOT_FOUND');
  const detail = `${origin.method} ${origin.path} was answered with status ${origin.status}.`;
  return new Refusal([problem(code, detail)], { cause: origin });
}

function problemsIn(body: string): Problem[] {
  const document = parseObject(body);
  const listed = Array.isArray(document?.errors) ? document.errors : [];
  const problems = listed.map(toProblem).filter((each) => each !== undefined);
  if (problems.length > 0) return problems;
  const single = toProblem(document);
  return single ? [single] : [];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A newer server may use codes that this client does not know: they are shown as INTERNAL, with their sentence. */
function toProblem(value: unknown): Problem | undefined {
  const { code, detail, pointer } = (value ?? {}) as Record<string, unknown>;
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined;
  const where = typeof pointer === 'string' ? pointer : undefined;
  return isErrorCode(code) ? problem(code, detail, where) : problem('INTERNAL', `${code}: ${detail}`, where);
}

/**
 * A refusal for a request whose answer did not come, or broke off: the network's error by its short
 * name. A status that had arrived by then says nothing any more.
 */
export function unreachable(origin: RefusalOrigin, server: string, error: unknown): Refusal {
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  const reason = code ?? name ?? 'unknown error';
  const detail = `${origin.method} ${origin.path} got no answer from ${server} (${reason}).`;
  return new Refusal([problem('UNAVAILABLE', detail)], { cause: { ...origin, status: undefined } });
}

/** An answer that this client cannot understand: it and the server are of different versions. */
export const unexpected = (origin: RefusalOrigin, what: string): Refusal =>
  refusal('INTERNAL', `${origin.method} ${origin.path}: ${what}.`);
