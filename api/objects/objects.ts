import type { Request, Response } from 'express';
import type { FilesystemStore } from '../../adapters/objects/filesystem/store';
import { verifiedGrant, type UrlGrant } from '../../adapters/objects/filesystem/signedUrls';
import { refusal } from '../../core/errors/errors';
import { hangUpAfterAnswer } from './answers';

export interface ObjectRoutes {
  objects: FilesystemStore;
  secret: string;
  now: () => Date;
  stored: (bytes: number) => void;
}

type KeyedRequest = Request<{ key: string[] }>;

/** `PUT /objects/<key>`: streams a part to disk while hashing it; the signed grant says what it must be. */
export function putObject(at: ObjectRoutes) {
  return async (request: KeyedRequest, response: Response): Promise<void> => {
    hangUpAfterAnswer(request as Request, response);
    const grant = requireGrant(request, 'PUT', at);
    const expected = { bytes: grant.bytes ?? 0, sha256: grant.sha256 ?? '' };
    assertAnnounced(request, expected.bytes);
    // Not destroyed on refusal: the connection still has to carry the answer.
    const body = request.iterator({ destroyOnReturn: false });
    const object = await at.objects.receivePart(grant.key, body, expected);
    at.stored(object.bytes);
    response.status(200).set('ETag', `"${expected.sha256}"`).end();
  };
}

/** `GET` and `HEAD /objects/<key>`: the bytes, whole or by range (206, 416), with an ETag. */
export function getObject(at: ObjectRoutes) {
  return async (request: KeyedRequest, response: Response): Promise<void> => {
    const grant = requireGrant(request, 'GET', at);
    const { file, object } = await at.objects.locate(grant.key);
    response.attachment(grant.name ?? grant.key.slice(grant.key.lastIndexOf('/') + 1));
    response.type('application/octet-stream');
    response.set('ETag', `"${object.md5 ?? `${object.bytes}-${Date.parse(object.updatedAt)}`}"`);
    await sendFile(response, file);
  };
}

function requireGrant(request: KeyedRequest, method: 'PUT' | 'GET', at: ObjectRoutes): UrlGrant {
  const query = new URLSearchParams(request.originalUrl.split('?')[1] ?? '');
  return verifiedGrant({ method, key: request.params.key.join('/'), query }, at.secret, at.now());
}

/** A wrong Content-Length is refused before a byte of the body is read. */
function assertAnnounced(request: KeyedRequest, bytes: number): void {
  const announced = request.headers['content-length'];
  if (announced === undefined || Number(announced) === bytes) return;
  throw refusal('PART_LENGTH', `${announced} bytes were announced, but the URL is signed for ${bytes}.`);
}

function sendFile(response: Response, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // `dotfiles` is about the folder of the objects, whose own path may hold one; keys cannot.
    response.sendFile(file, { dotfiles: 'allow', cacheControl: false }, (error: unknown) => {
      if (!error) resolve();
      else if (response.headersSent) resolve(response.destroy() && undefined);
      else reject(sendFault(error, response));
    });
  });
}

function sendFault(error: unknown, response: Response): unknown {
  const { status, headers } = error as { status?: number; headers?: Record<string, string> };
  for (const name of ['Content-Disposition', 'ETag']) response.removeHeader(name);
  if (status === 416) {
    const range = headers?.['Content-Range'] ?? '';
    response.set('Content-Range', range);
    return refusal('RANGE_INVALID', `The range (${range}) is outside the object.`);
  }
  return status === 404 ? refusal('OBJECT_NOT_FOUND', 'The object was removed in the meantime.') : error;
}
