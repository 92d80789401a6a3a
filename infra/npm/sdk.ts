/** What `@spillway/sdk` exports. */
export { createClient, type Client } from '../../sdk/client';
export type { ClientOptions, RetryNotice } from '../../sdk/http/options';
export { getOrigin, type RefusalOrigin } from '../../sdk/http/problems';
export type { EventsOptions } from '../../sdk/releases/events';
export type { ReleaseEvent } from '../../contracts/releases/events';
export type { PartUpload } from '../../sdk/releases/parts';
export { Refusal, isRetryable, type ErrorCode, type Problem } from '../../core/errors/errors';
export type { ReleaseState } from '../../core/releases/state';
export type { Manifest } from '../../contracts/releases/manifest';
export type { PublishRequest, Receipt, UploadPlan } from '../../contracts/releases/publish';
export type { TimelineEvent } from '../../contracts/releases/timeline';
export type { ReleaseView } from '../../contracts/releases/view';
