/** Ids, queue names and attribute names have one home: here. */

/** A version's id: `<pluginId>@<version>`; plugin ids never hold an `@`. */
export const formatVersionId = (pluginId: string, version: string): string => `${pluginId}@${version}`;

/** The parts of a version id, or undefined when there is no `@` between two non-empty parts. */
export function parseVersionId(id: string): { pluginId: string; version: string } | undefined {
  const at = id.indexOf('@');
  if (at < 1 || at === id.length - 1) return undefined;
  return { pluginId: id.slice(0, at), version: id.slice(at + 1) };
}

/** The workflow id of a release; it is also the release's public `publishId`. */
export const releaseWorkflowId = (versionId: string): string => `release:${versionId}`;
export const rolloutWorkflowId = (versionId: string): string => `rollout:${versionId}`;

/** The version that a workflow of a release or rollout is about; undefined for any other id. */
export const parseWorkflowId = (workflowId: string): string | undefined =>
  /^(?:release|rollout):(.+)$/s.exec(workflowId)?.[1];

/** The actor of steps that the platform takes by itself. */
export const PLATFORM = 'spillway';

/**
 * Workflows run on the queue `release`; activities on one queue for each kind of work, so that workers
 * can be scaled apart: quick transactions, reading packages, and fan-out to many tenants.
 */
export const taskQueues = {
  release: 'spillway-release',
  quick: 'spillway-quick',
  scans: 'spillway-scans',
  fanOut: 'spillway-fan-out',
} as const;
export type TaskQueue = keyof typeof taskQueues;

/** Custom search attributes, by which operators filter in the Temporal UI. */
export const searchAttributes = {
  pluginId: 'PluginId',
  pluginVersion: 'PluginVersion',
  channel: 'ReleaseChannel',
  state: 'ReleaseState',
  stage: 'RolloutStage',
  percentage: 'RolloutPercentage',
  slaDeadline: 'SlaDeadline',
} as const;

/** Where parts and packages are in the object store. */
export const UPLOADS = 'uploads/';
export const PACKAGES = 'packages/';
/** What the store of a bucket joins on the way to a package; a crash may leave some. */
export const JOINS = 'compose/';

/** Object keys. Parts carry their digest so that a part sent again replaces itself. */
export const partKey = (releaseId: string, part: { number: number; sha256: string }): string =>
  `${partPrefix(releaseId)}${String(part.number).padStart(4, '0')}-${part.sha256}`;
export const partPrefix = (releaseId: string): string => `${UPLOADS}${releaseId}/`;
export const packageKey = (pluginId: string, version: string, sha256: string): string =>
  `${PACKAGES}${pluginId}/${version}/${sha256}.pxp`;

/** The release that a part was uploaded for, by its key; undefined for any other key. */
export const parsePartKey = (key: string): string | undefined => /^uploads\/([^/]+)\/[^/]+$/.exec(key)?.[1];

/** What a package's key says of it; undefined for any other key. */
export function parsePackageKey(
  key: string,
): { pluginId: string; version: string; sha256: string } | undefined {
  const [, pluginId, version, sha256] = /^packages\/([^/]+)\/([^/]+)\/([a-f0-9]{64})\.pxp$/.exec(key) ?? [];
  return pluginId && version && sha256 ? { pluginId, version, sha256 } : undefined;
}
