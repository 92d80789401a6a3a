/** Where everything of the HTTP API is found: its routes, its clients and its pages take the paths from here. */

const marketplace = '/api/marketplace';

/** Paths of the marketplace; `{name}` stands for a parameter, as in OpenAPI. */
export const paths = {
  publish: `${marketplace}/plugins/publish`,
  uploadPlan: `${marketplace}/plugins/{versionId}/upload`,
  finaliseUpload: `${marketplace}/plugins/{versionId}/upload/finalise`,
  abortUpload: `${marketplace}/plugins/{versionId}/upload/abort`,
  withdraw: `${marketplace}/plugins/{versionId}/withdraw`,
  releases: `${marketplace}/releases`,
  release: `${marketplace}/releases/{publishId}`,
  version: `${marketplace}/plugins/{versionId}`,
  releaseEvents: `${marketplace}/releases/{publishId}/events`,
  versions: `${marketplace}/plugins/{pluginId}/versions`,
  reviews: `${marketplace}/reviews`,
  review: `${marketplace}/reviews/{reviewQueueId}`,
  reviewPackage: `${marketplace}/reviews/{reviewQueueId}/package`,
  decision: `${marketplace}/plugins/{versionId}/review`,
  reviewInformation: `${marketplace}/plugins/{versionId}/submit-review`,
  pauseRollout: `${marketplace}/rollouts/{versionId}/pause`,
  resumeRollout: `${marketplace}/rollouts/{versionId}/resume`,
  abortRollout: `${marketplace}/rollouts/{versionId}/abort`,
  keys: `${marketplace}/keys`,
  keyChallenges: `${marketplace}/keys/challenges`,
  keyRevocation: `${marketplace}/keys/{fingerprint}/revocation`,
  publisherKeyRevocation: `${marketplace}/admin/publishers/{publisherId}/keys/{fingerprint}/revocation`,
  publisherKeyApproval: `${marketplace}/admin/publishers/{publisherId}/keys/{fingerprint}/approval`,
  publisherKeys: `${marketplace}/publishers/{publisherId}/keys`,
  publishers: `${marketplace}/admin/publishers`,
  tenants: `${marketplace}/admin/tenants`,
  reviewers: `${marketplace}/admin/reviewers`,
  publisherTokens: `${marketplace}/admin/publishers/{id}/tokens`,
  tenantTokens: `${marketplace}/admin/tenants/{id}/tokens`,
  reviewerTokens: `${marketplace}/admin/reviewers/{id}/tokens`,
  operatorTokens: `${marketplace}/admin/operators/{id}/tokens`,
  tokens: `${marketplace}/tokens`,
  token: `${marketplace}/tokens/{tokenId}`,
  whoami: `${marketplace}/whoami`,
  notifications: `${marketplace}/notifications`,
  alerts: `${marketplace}/admin/alerts`,
  catalogue: `${marketplace}/plugins`,
  restrictions: `${marketplace}/restrictions`,
  liftRestriction: `${marketplace}/restrictions/{restrictionId}/lift`,
  appealRestriction: `${marketplace}/restrictions/{restrictionId}/appeal`,
  answerAppeal: `${marketplace}/restrictions/{restrictionId}/answer`,
  links: '/api/links',
  trust: '/api/trust',
  trustMetadata: '/api/trust/{file}',
  trustTarget: '/api/trust/targets/{file}',
} as const;

/** Where the tenants' paths begin, unless an installation sets another prefix. */
export const DEFAULT_TENANT_PREFIX = '/api/v1';

/** Paths of a tenant, below the tenant prefix. */
export const tenantPaths = {
  feed: '/feed',
  trustKey: '/trust-key',
  rollout: '/rollouts/{versionId}',
  download: '/plugins/{pluginId}/versions/{version}/download',
  reports: '/reports',
  installations: '/installations',
  notifications: '/notifications',
  subscriptions: '/subscriptions',
  subscription: '/subscriptions/{pluginId}',
} as const;

type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** A path with its parameters filled in, each encoded as one segment. */
export const fillPath = <const Path extends string>(
  path: Path,
  parameters: Record<ParameterOf<Path>, string>,
): string =>
  path.replaceAll(/\{(\w+)\}/g, (_match, name: ParameterOf<Path>) => encodeURIComponent(parameters[name]));
