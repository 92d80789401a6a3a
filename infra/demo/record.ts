import type { ReleaseView } from '../../contracts/releases/view';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import type { Client } from '../../sdk/client';
import type { Cast } from './cast';
import type { PluginFolder } from './pluginFolder';

/** What can be read of a release from outside: its page, its timeline, and the version that each host reports. */
export interface ReleaseRecord {
  release: ReleaseView;
  events: readonly TimelineEvent[];
  /** By tenant; null where the host runs no version of the plugin. */
  running: ReadonlyMap<string, string | null>;
}

export async function readRecord(cast: Cast, { versionId, pluginId }: PluginFolder): Promise<ReleaseRecord> {
  const release = await cast.publisher.releases.read(versionId);
  const { events } = await cast.publisher.releases.readTimeline(release.publishId);
  return { release, events, running: await askHosts(cast, pluginId) };
}

export async function askHosts(cast: Cast, pluginId: string): Promise<Map<string, string | null>> {
  const asked = cast.tenants.map(async ({ id, runs }) => [id, await runs(pluginId)] as const);
  return new Map(await Promise.all(asked));
}

/** A release by its version, or undefined before its first submission. */
export async function findRelease(client: Client, versionId: string): Promise<ReleaseView | undefined> {
  try {
    return await client.releases.read(versionId);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'RELEASE_NOT_FOUND') return undefined;
    throw error;
  }
}

export async function isInCatalogue(client: Client, versionId: string): Promise<boolean> {
  const { plugins } = await client.catalogue.list({ limit: 200 });
  return plugins.some((entry) => entry.versionId === versionId);
}

/** Tenants whose hosts did something with the version, in the order of their first reports. */
export const takers = ({ events }: Pick<ReleaseRecord, 'events'>): string[] => [
  ...new Set(events.filter(({ kind }) => kind === 'install').map(({ actor }) => actor)),
];

export const timeOfFirst = ({ events }: Pick<ReleaseRecord, 'events'>, kind: TimelineEvent['kind']): number =>
  Date.parse(events.find((event) => event.kind === kind)?.at ?? '');

/** From the submission to the last entry of the timeline. */
export const countSeconds = ({ release, events }: Pick<ReleaseRecord, 'release' | 'events'>): number =>
  (Date.parse(events.at(-1)?.at ?? release.submittedAt) - Date.parse(release.submittedAt)) / 1000;

/** `acme 0.5.67, globex none`: what each host runs, in one line. */
export const inWords = (running: ReadonlyMap<string, string | null>): string =>
  [...running].map(([tenant, version]) => `${tenant} ${version ?? 'none'}`).join(', ');
