import { problem, type Problem } from '../errors/errors';
import { limits } from '../limits';

/** An upload that was announced and has not ended. */
export interface OpenUpload {
  versionId: string;
  /** Of the whole package, as announced. */
  bytes: number;
  /** ISO 8601; it ends then at the latest. */
  deadline: string;
}

const NAMED = 5;

/**
 * Whether a publisher may open one more upload: their number and the bytes that they announce together are bounded.
 * The refusal names the limit, what is open, and when the first of it ends.
 *
 * @param bytes of the package to be uploaded
 */
export function checkUploadQuota(publisherId: string, open: readonly OpenUpload[], bytes: number): Problem[] {
  const announced = open.reduce((sum, upload) => sum + upload.bytes, 0);
  const exceeded = [
    ...(open.length >= limits.openUploads
      ? [`${publisherId} has ${open.length} uploads open; ${limits.openUploads} are the most.`]
      : []),
    ...(announced + bytes > limits.announcedBytes
      ? [
          `The uploads that ${publisherId} has open announce ${announced} bytes; with these ${bytes} they would exceed ${limits.announcedBytes}.`,
        ]
      : []),
  ];
  const where = open.length >= limits.openUploads ? '/pluginId' : '/artefact/bytes';
  if (exceeded.length === 0) return [];
  return [problem('UPLOAD_QUOTA', [...exceeded, describeOpen(open)].join(' '), where)];
}

function describeOpen(open: readonly OpenUpload[]): string {
  if (open.length === 0) return 'No upload is open.';
  const byDeadline = [...open].sort((a, b) => Date.parse(a.deadline) - Date.parse(b.deadline));
  const named = byDeadline.slice(0, NAMED).map(({ versionId }) => versionId);
  const further = open.length - named.length;
  const names = further > 0 ? `${named.join(', ')} and ${further} more` : named.join(', ');
  return `Open: ${names}; the first ends by ${new Date(byDeadline[0]!.deadline).toISOString()}.`;
}

/**
 * When an address for a part ends: after its own lifetime, and never later than the upload that it is for.
 *
 * @param lifetimeMs in milliseconds
 */
export const endOfPartAddress = (deadline: Date, lifetimeMs: number, now: Date): Date =>
  new Date(Math.min(deadline.getTime(), now.getTime() + lifetimeMs));
