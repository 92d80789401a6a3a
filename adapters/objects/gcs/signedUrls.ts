import type { Bucket } from '@google-cloud/storage';
import { checkedKey } from '../keys';
import type { ObjectStore } from '../objectStore';

/** Every object is bytes, whatever they hold. */
export const OCTETS = 'application/octet-stream';

/**
 * V4 signed URLs. A PUT binds, in its signed headers, the length (as a range of one), the MD5 that
 * Cloud Storage checks on arrival, and the SHA-256 as metadata; finalising checks the last again,
 * because no store of this kind does.
 */
export function signing(bucket: Bucket, publicUrl?: string): Pick<ObjectStore, 'signPut' | 'signGet'> {
  const host = getHost(publicUrl);
  return {
    async signPut({ key, bytes, sha256, md5, expiresAt }) {
      const extensionHeaders = {
        'x-goog-content-length-range': `${bytes},${bytes}`,
        'x-goog-meta-sha256': sha256,
      };
      const [url] = await bucket.file(checkedKey(key)).getSignedUrl({
        version: 'v4',
        action: 'write',
        expires: expiresAt,
        contentType: OCTETS,
        contentMd5: md5,
        extensionHeaders,
        ...host,
      });
      const headers = { 'content-type': OCTETS, 'content-md5': md5, ...extensionHeaders };
      return { url, method: 'PUT', headers, expiresAt: expiresAt.toISOString() };
    },
    async signGet({ key, expiresAt, downloadName }) {
      const [url] = await bucket.file(checkedKey(key)).getSignedUrl({
        version: 'v4',
        action: 'read',
        expires: expiresAt,
        ...(downloadName === undefined ? {} : { promptSaveAs: downloadName }),
        ...host,
      });
      return { url, method: 'GET', headers: {}, expiresAt: expiresAt.toISOString() };
    },
  };
}

const UPLOAD_MINUTES = 60;

/** A URL for this process's own uploads, which nobody else sees: it binds no length or digest. */
export async function uploadUrl(bucket: Bucket, key: string, publicUrl?: string): Promise<string> {
  const [url] = await bucket.file(key).getSignedUrl({
    version: 'v4',
    action: 'write',
    expires: Date.now() + UPLOAD_MINUTES * 60_000,
    contentType: OCTETS,
    ...getHost(publicUrl),
  });
  return url;
}

const getHost = (publicUrl?: string) => (publicUrl === undefined ? {} : { host: publicUrl });
