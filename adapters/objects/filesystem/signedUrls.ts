import { createHmac, timingSafeEqual } from 'node:crypto';
import { refusal } from '../../../core/errors/errors';
import { checkedKey } from '../keys';

/** What a signed URL of the filesystem driver allows; the signature covers every field. */
export interface UrlGrant {
  method: 'PUT' | 'GET';
  key: string;
  /** Seconds since 1970. */
  expires: number;
  /** PUT only: the exact length of the body. */
  bytes?: number;
  /** PUT only: lower-case hex. */
  sha256?: string | undefined;
  /** GET only: the file name to save under. */
  name?: string | undefined;
}

/** The path under which the object server serves objects. */
export const OBJECTS_PATH = '/objects';

/**
 * The URL of a grant below `publicUrl`.
 *
 * The signature is an HMAC-SHA256 over the grant and names no host, so that an author may reach the
 * same store under another origin (a proxy, a tunnel).
 */
export function signedUrl(publicUrl: string, secret: string, grant: UrlGrant): string {
  const query = new URLSearchParams();
  for (const name of ['bytes', 'expires', 'name', 'sha256'] as const) {
    const value = grant[name];
    if (value !== undefined) query.set(name, String(value));
  }
  query.set('signature', signGrant(secret, grant));
  return `${publicUrl.replace(/\/+$/, '')}${OBJECTS_PATH}/${checkedKey(grant.key)}?${query}`;
}

/**
 * Reads the grant back from a request and proves it.
 *
 * Refuses with OBJECTS_KEY_INVALID, OBJECTS_SIGNATURE, then OBJECTS_URL_EXPIRED: whether a URL was valid
 * once is told only to those who hold its signature.
 */
export function verifiedGrant(
  request: { method: 'PUT' | 'GET'; key: string; query: URLSearchParams },
  secret: string,
  now: Date,
): UrlGrant {
  const grant = readGrant(request);
  if (!sameSignature(request.query.get('signature') ?? '', signGrant(secret, grant))) {
    throw refusal('OBJECTS_SIGNATURE', 'The signature does not match the method, key and parameters.');
  }
  if (grant.expires * 1000 <= now.getTime()) {
    throw refusal(
      'OBJECTS_URL_EXPIRED',
      `The URL expired at ${new Date(grant.expires * 1000).toISOString()}.`,
    );
  }
  return grant;
}

function readGrant(request: { method: 'PUT' | 'GET'; key: string; query: URLSearchParams }): UrlGrant {
  const text = (name: string) => request.query.get(name) ?? undefined;
  const bytes = text('bytes');
  return {
    method: request.method,
    key: checkedKey(request.key),
    expires: Number(text('expires')),
    ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
    sha256: text('sha256'),
    name: text('name'),
  };
}

function signGrant(secret: string, grant: UrlGrant): string {
  const { method, key, expires, bytes, sha256, name } = grant;
  // A JSON array keeps the fields apart: no two grants share one text.
  const text = JSON.stringify(['spillway-store-1', method, key, expires, bytes, sha256, name]);
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** Compares in constant time, so that answers leak nothing of the right signature. */
function sameSignature(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
