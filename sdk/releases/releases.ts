import type { z } from 'zod';
import { fillPath, paths } from '../../contracts/paths';
import { receiptSchema, uploadPlanSchema, type publishRequestSchema } from '../../contracts/releases/publish';
import {
  finaliseReplySchema,
  pluginVersionsSchema,
  releasePageSchema,
  type releaseQuerySchema,
  type withdrawSchema,
} from '../../contracts/releases/release';
import { timelinePageSchema, type timelineQuerySchema } from '../../contracts/releases/timeline';
import { releaseViewSchema } from '../../contracts/releases/view';
import type { Query, Transport } from '../http/transport';
import { followRelease, type EventsOptions } from './events';
import { uploadPart, type PartUpload } from './parts';

/** Submits, uploads, reads and follows releases. */
export const releasesClient = (transport: Transport) => ({
  /** Submits a release; the same submission again gets the same receipt. */
  publish: (body: z.input<typeof publishRequestSchema>) =>
    transport.json({ method: 'POST', path: paths.publish, body }, receiptSchema),

  /** Every part of the upload; those that are missing carry a fresh signed request. */
  readUploadPlan: (versionId: string) =>
    transport.json({ method: 'GET', path: fillPath(paths.uploadPlan, { versionId }) }, uploadPlanSchema),

  uploadPart: (upload: PartUpload) => uploadPart(transport.options, upload),

  /** Says that all parts were sent; refused with UPLOAD_INCOMPLETE naming those that are not there. */
  finaliseUpload: (versionId: string) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.finaliseUpload, { versionId }), body: {} },
      finaliseReplySchema,
    ),

  /** Ends an upload that is not complete; its parts are removed. */
  abortUpload: (versionId: string) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.abortUpload, { versionId }), body: {} },
      finaliseReplySchema,
    ),

  /** Ends a release that waits for its upload, its checks, a reviewer or its listing. */
  withdraw: (versionId: string, body: z.input<typeof withdrawSchema> = {}) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.withdraw, { versionId }), body },
      finaliseReplySchema,
    ),

  /** A release by its publishId or its versionId. */
  read: (id: string) => transport.json({ method: 'GET', path: releasePath(id) }, releaseViewSchema),

  /** Releases that the caller may see, newest first. */
  list: (query: Query<typeof releaseQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: paths.releases, query }, releasePageSchema),

  /** Versions of a plugin that the caller may see, newest first. */
  listVersions: (pluginId: string) =>
    transport.json({ method: 'GET', path: fillPath(paths.versions, { pluginId }) }, pluginVersionsSchema),

  /** A release's timeline as it happens, until the release has ended; reconnects by itself. */
  follow: (publishId: string, options?: EventsOptions) => followRelease(transport, publishId, options),

  /** The timeline so far, as one page. */
  readTimeline: (publishId: string, query: Query<typeof timelineQuerySchema> = {}) =>
    transport.json(
      { method: 'GET', path: fillPath(paths.releaseEvents, { publishId }), query },
      timelinePageSchema,
    ),
});

const releasePath = (id: string): string =>
  id.startsWith('release:')
    ? fillPath(paths.release, { publishId: id })
    : fillPath(paths.version, { versionId: id });
