import { createHash, randomBytes } from 'node:crypto';
import type { ObjectStore, PutGrant, SignedRequest } from '../../../adapters/objects/objectStore';

export const inAnHour = () => new Date(Date.now() + 3_600_000);

/** What a signed PUT needs to know of `bytes`. */
export function grantFor(key: string, bytes: Buffer, expiresAt = inAnHour()): PutGrant {
  const digest = (algorithm: string) => createHash(algorithm).update(bytes);
  return {
    key,
    bytes: bytes.length,
    sha256: digest('sha256').digest('hex'),
    md5: digest('md5').digest('base64'),
    expiresAt,
  };
}

/** Random parts under `prefix`, as an upload plan would name them. */
export function someParts(prefix: string, count: number, size: number) {
  return Array.from({ length: count }, (_, index) => ({
    key: `${prefix}${String(index + 1).padStart(4, '0')}`,
    bytes: randomBytes(size),
  }));
}

/** Sends a signed request as an author's client does. */
export function send(request: SignedRequest, body?: Buffer, headers: Record<string, string> = {}) {
  return fetch(request.url, {
    method: request.method,
    headers: { ...request.headers, ...headers },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
}

export async function put(objects: ObjectStore, key: string, bytes: Buffer): Promise<Response> {
  return send(await objects.signPut(grantFor(key, bytes)), bytes);
}

/** All bytes of a source whose pieces are valid only until the next one. */
export async function readBytes(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const piece of pieces) chunks.push(Buffer.from(piece));
  return Buffer.concat(chunks);
}

export async function listKeys(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const object of objects.list(prefix)) keys.push(object.key);
  return keys;
}
