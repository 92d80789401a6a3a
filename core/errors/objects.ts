import { entry, EXIT, ours, type CatalogueEntry } from './entry';

/** Bytes behind signed URLs. */
// prettier-ignore
export const objectsErrors = {
  OBJECTS_KEY_INVALID: entry(400, EXIT.refused, 'The object key is not valid', 'Use the signed URL exactly as you received it.'),
  OBJECTS_SIGNATURE: entry(403, EXIT.refused, 'The signature of the URL is not valid', 'Use the signed URL exactly as you received it, or request the upload plan again.'),
  OBJECTS_URL_EXPIRED: entry(403, EXIT.refused, 'The signed URL has expired', 'Request the upload plan again and send what is missing.'),
  UPLOAD_ENDED: entry(410, EXIT.conflict, 'The upload has ended', 'Look at the state of the release; publish again where it did not get through.'),
  PART_LENGTH: entry(422, EXIT.refused, 'The length differs from the signed length', 'Send exactly the bytes of the part that the upload plan names.'),
  PART_DIGEST: entry(422, EXIT.refused, 'The digest differs from the signed digest', 'Send the part again from the unchanged package.'),
  OBJECT_NOT_FOUND: entry(404, EXIT.refused, 'No such object', 'Check the key; an upload that expired must be sent again.'),
  OBJECT_CONFLICT: entry(409, EXIT.conflict, 'The object already exists with different content', 'Use another key; the content of an object never changes.'),
  RANGE_INVALID: entry(416, EXIT.usage, 'The range is outside the object', 'Request a range within the length that Content-Range names.'),
  OBJECTS_UNAVAILABLE: ours(503, 'The object store is unavailable', 'Try again in a moment; what was stored is kept.'),
} as const satisfies Record<string, CatalogueEntry>;
