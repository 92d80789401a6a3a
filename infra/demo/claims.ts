import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stage } from './carry';
import type { PluginFolder } from './pluginFolder';
import { askHosts, inWords, isInCatalogue, readRecord, type ReleaseRecord } from './record';
import { until } from './until';

/** What is true of any release that went through, asked of everyone whom it concerns. */
export async function observeCompleted(stage: Stage, plugin: PluginFolder): Promise<void> {
  const { cast, observations } = stage;
  const { versionId, version } = plugin;
  await untilHostsRun(stage, plugin, version);
  const record = await readRecord(cast, plugin);
  const { release, running } = record;
  await observeSubmission(stage, plugin, record);
  observations.note(`${versionId} is completed`, release.state === 'completed', `state ${release.state}`);
  const listed = await isInCatalogue(cast.publisher, versionId);
  observations.note(`${versionId} is in the catalogue after its approval`, listed, 'catalogue read');
  const verdicts = verdictsOf(record);
  const passed = verdicts.includes('pass') && verdicts.every((each) => ['pass', 'empty'].includes(each));
  const stages = release.rollout?.stages ?? [];
  const evidence = verdicts.map((each, index) => `stage ${index + 1}: ${each}`).join(', ');
  observations.note(`${versionId} passed all its stages`, passed && stages.length === 3, evidence);
  const everywhere = [...running.values()].every((each) => each === version);
  observations.note(`every host runs ${versionId}`, everywhere, `hosts asked: ${inWords(running)}`);
}

/** Receipt, signature, decision and notifications: the same whether the release ended well or not. */
export async function observeSubmission(
  { cast, observations }: Stage,
  { folder, versionId }: PluginFolder,
  { release, events }: ReleaseRecord,
): Promise<void> {
  const { publishId, reviewQueueId } = await readReceipt(folder);
  const agrees = publishId === release.publishId && reviewQueueId === release.review?.reviewQueueId;
  observations.note(`the receipt of ${versionId} names release and review`, agrees, `${publishId}`);
  const verified = events.find(({ kind }) => kind === 'upload_verified');
  const claim = `the upload of ${versionId} was verified and its scanners passed`;
  const passed = release.scans.length > 0 && release.scans.every(({ verdict }) => verdict === 'pass');
  const scanners = release.scans.map(({ scanner, verdict }) => `${scanner} ${verdict}`).join(', ');
  observations.note(claim, verified !== undefined && passed, scanners);
  const { decision, reviewer } = release.review ?? {};
  const decidedByOther = decision === 'approve' && reviewer !== release.publisherId;
  observations.note(
    `a person approved ${versionId}`,
    decidedByOther,
    `${decision ?? 'undecided'} by ${reviewer ?? 'nobody'}`,
  );
  const told = await Promise.all(cast.tenants.map(({ client }) => countNews(client, versionId)));
  const once = told.every((count) => count === 1);
  const counts = cast.tenants.map(({ id }, index) => `${id} ${told[index]}`).join(', ');
  observations.note(`each subscribed tenant was told of ${versionId} once`, once, `inboxes: ${counts}`);
}

export const verdictsOf = ({ release }: Pick<ReleaseRecord, 'release'>): string[] =>
  (release.rollout?.stages ?? [])
    .filter(({ startedAt }) => startedAt)
    .map(({ verdict }) => verdict ?? 'none');

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
  const { notifications } = await client.notifications({ limit: 200 });
  return notifications.filter((each) => each.kind === 'version_listed' && each.versionId === versionId)
    .length;
}
