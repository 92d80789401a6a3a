import type { z } from 'zod';
import * as http from '../contracts/http';
import { receiptSchema, uploadPlanSchema, type publishRequestSchema } from '../contracts/releases/publish';
import { releaseViewSchema } from '../contracts/releases/release';
import type { SubmitReview } from '../contracts/reviews/review';
import { followRelease, type EventsOptions } from './releases/events';
import { putPart, type PartUpload } from './releases/parts';
import type { Transport } from './http/transport';

type PublishInput = z.input<typeof publishRequestSchema>;
type Query<S extends z.ZodType> = Partial<z.output<S>>;

const BASE = '/api/marketplace';
const releasePath = (id: string): string =>
  id.startsWith('release:')
    ? `${BASE}/releases/${encodeURIComponent(id)}`
    : `${BASE}/plugins/${encodeURIComponent(id)}`;
const versionPath = (versionId: string): string => `${BASE}/plugins/${encodeURIComponent(versionId)}`;

/** What publishers do: submit, upload, follow, and look after their keys. */
export const publishing = (transport: Transport) => ({
  /** Submits a release; the same submission again gives the same receipt. */
  publish: (body: PublishInput) =>
    transport.json({ method: 'POST', path: `${BASE}/plugins/publish`, body }, receiptSchema),

  /** Every part of the upload; those that are missing carry a fresh signed request. */
  uploadPlan: (versionId: string) =>
    transport.json({ method: 'GET', path: `${versionPath(versionId)}/upload` }, uploadPlanSchema),

  putPart: (upload: PartUpload) => putPart(transport.options, upload),

  /** Says that all parts were sent; refused with UPLOAD_INCOMPLETE naming those that are not there. */
  finalise: (versionId: string) =>
    transport.json(
      { method: 'POST', path: `${versionPath(versionId)}/upload/finalise`, body: {} },
      http.finaliseReplySchema,
    ),

  submitReview: (versionId: string, body: SubmitReview) =>
    transport.json(
      { method: 'POST', path: `${versionPath(versionId)}/submit-review`, body },
      http.finaliseReplySchema,
    ),

  /** A release by its publishId or its versionId. */
  release: (id: string) => transport.json({ method: 'GET', path: releasePath(id) }, releaseViewSchema),

  releases: (query: Query<typeof http.releaseQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: `${BASE}/releases`, query }, http.releasePageSchema),

  /** Versions of a plugin that the caller may see, newest first. */
  versions: (pluginId: string) =>
    transport.json(
      { method: 'GET', path: `${BASE}/plugins/${encodeURIComponent(pluginId)}/versions` },
      http.pluginVersionsSchema,
    ),

  /** What is listed: public, so it needs no token. */
  catalogue: (query: Query<typeof http.pageQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: `${BASE}/plugins`, query }, http.catalogPageSchema),

  /** A release's timeline as it happens, until the release has ended; reconnects by itself. */
  events: (publishId: string, options?: EventsOptions) => followRelease(transport, publishId, options),

  /** The timeline so far, as one page. */
  timeline: (publishId: string, query: Query<typeof http.timelineQuerySchema> = {}) =>
    transport.json(
      { method: 'GET', path: `${releasePath(publishId)}/events`, query },
      http.timelinePageSchema,
    ),

  registerKey: (armored: string) =>
    transport.json({ method: 'POST', path: `${BASE}/keys`, body: { armored } }, http.keyReplySchema),

  /** The caller's own keys. */
  keys: () => transport.json({ method: 'GET', path: `${BASE}/keys` }, http.publisherKeysSchema),

  /** Keys of any publisher: hosts verify packages with them. */
  publisherKeys: (publisherId: string) =>
    transport.json(
      { method: 'GET', path: `${BASE}/publishers/${encodeURIComponent(publisherId)}/keys` },
      http.publisherKeysSchema,
    ),

  /** The publisher's own inbox. */
  inbox: (query: Query<typeof http.pageQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: `${BASE}/notifications`, query }, http.notificationPageSchema),
});
