import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PluginFolder } from './pluginFolder';
import { askHosts, inWords, isInCatalogue, readRecord, type ReleaseRecord } from './record';
import type { Stage } from './stage';
import { until } from './until';

/** What is true of any release that went through, asked of everyone whom it concerns. */
export async function observeCompleted(stage: Stage, plugin: PluginFolder): Promise<void> {
  const { cast, observations, screen } = stage;
  const { title, versionId, version } = plugin;
  const { state } = await cast.publisher.releases.read(versionId);
  if (state === 'completed') await untilHostsRun(stage, plugin, version);
  const record = await readRecord(cast, plugin);
  const { release, running } = record;
  screen.by('hosts', `asked what they run of ${plugin.name}: ${inWords(running)}`);
  await observeSubmission(stage, plugin, record);
  observations.note(title, 'it is completed', release.state === 'completed', `state ${release.state}`);
  const listed = await isInCatalogue(cast.publisher, versionId);
  observations.note(title, 'it is in the catalogue', listed, 'catalogue read after its approval');
  const stages = release.rollout?.stages ?? [];
  const verdicts = listVerdicts(record);
  const passed = stages.every(({ verdict, cohort }) => verdict === (cohort === 0 ? 'empty' : 'pass'));
  const claim = 'every stage that had tenants passed';
  const isWhole = passed && verdicts.length === stages.length && verdicts.includes('pass');
  observations.note(title, claim, isWhole, numbered(verdicts));
  const everywhere = [...running.values()].every((each) => each === version);
  observations.note(title, 'every host runs it', everywhere, `hosts asked: ${inWords(running)}`);
}

/** Receipt, checks, decision and notifications: the same whether the release ended well or not. */
export async function observeSubmission(
  { cast, observations }: Stage,
  { title, folder, versionId }: PluginFolder,
  { release, events }: ReleaseRecord,
): Promise<void> {
  const { publishId, reviewQueueId } = await readReceipt(folder);
  const agrees = publishId === release.publishId && reviewQueueId === release.review?.reviewQueueId;
  observations.note(title, 'its receipt names release and review', agrees, `${publishId}`);
  const verified = events.some(({ kind }) => kind === 'upload_verified');
  const passed = release.scans.length > 0 && release.scans.every(({ verdict }) => verdict === 'pass');
  const scanners = release.scans.map(({ scanner, verdict }) => `${scanner} ${verdict}`).join(', ');
  observations.note(title, 'its upload was verified, its scanners passed', verified && passed, scanners);
  const { decision, reviewer } = release.review ?? {};
  const approved = decision === 'approve' && reviewer !== release.publisherId;
  const evidence = `${decision ?? 'undecided'} by ${reviewer ?? 'nobody'}`;
  observations.note(title, 'a reviewer approved it', approved, evidence);
  const told = await Promise.all(cast.tenants.map(({ client }) => countNews(client, versionId)));
  const counts = cast.tenants.map(({ id }, index) => `${id} ${told[index]}`).join(', ');
  const once = told.every((count) => count === 1);
  observations.note(title, 'each subscribed tenant was told of it once', once, `inboxes: ${counts}`);
}

/** Verdicts of the stages that began, in their order. */
export const listVerdicts = ({ release }: Pick<ReleaseRecord, 'release'>): string[] =>
  (release.rollout?.stages ?? [])
    .filter(({ startedAt }) => startedAt)
    .map(({ verdict }) => verdict ?? 'none');

export const numbered = (verdicts: readonly string[]): string =>
  verdicts.map((verdict, index) => `stage ${index + 1}: ${verdict}`).join(', ');

const HOSTS_MS = 120_000;

/** The last hosts may still be at it when the rollout ends: half of a small cohort is evidence enough. */
export async function untilHostsRun(
  { cast, signal }: Stage,
  { pluginId }: PluginFolder,
  version: string,
): Promise<void> {
  const ask = async () => {
    const running = await askHosts(cast, pluginId);
    return [...running.values()].every((each) => each === version) || undefined;
  };
  // Whether they do is for the claims to say, so that one slow host does not end everything.
  await until('the hosts', ask, { signal, deadlineMs: HOSTS_MS }).catch(() => signal.throwIfAborted());
}

async function readReceipt(folder: string): Promise<{ publishId?: string; reviewQueueId?: string }> {
  const text = await readFile(path.join(folder, 'publish-receipt.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as { publishId?: string; reviewQueueId?: string };
}

async function countNews(client: Stage['cast']['publisher'], versionId: string): Promise<number> {
  const { notifications } = await client.notifications.listForTenant({ limit: 200 });
  return notifications.filter((each) => each.kind === 'version_listed' && each.versionId === versionId)
    .length;
}
