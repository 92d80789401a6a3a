import type { ReleaseView } from '../../contracts/releases/view';
import type { PluginFolder } from './pluginFolder';
import { findRelease, isInCatalogue } from './record';
import type { Stage } from './stage';
import { until } from './until';

const SCANNING_MS = 180_000;
const UNDECIDED = ['draft', 'uploading', 'scanning'];

/**
 * Waits until the scanners have let the release pass, has the tenants subscribe, and decides: by the API
 * that the console uses, or by a person at the console.
 */
export async function review(stage: Stage, plugin: PluginFolder, isOver: () => boolean): Promise<void> {
  const { cast, signal, observations, options } = stage;
  const ask = async (): Promise<ReleaseView | 'over' | undefined> => {
    const over = isOver();
    const found = await findRelease(cast.publisher, plugin.versionId);
    if (found && !UNDECIDED.includes(found.state)) return found;
    return over ? 'over' : undefined;
  };
  const release = await until(`the checks of ${plugin.versionId}`, ask, { signal, deadlineMs: SCANNING_MS });
  if (release === 'over' || release.state !== 'in_review') return;
  const listed = await isInCatalogue(cast.publisher, plugin.versionId);
  const claim = 'it is not in the catalogue before its approval';
  observations.note(plugin.title, claim, !listed, listed ? 'it is listed' : 'catalogue read while in review');
  await Promise.all(cast.tenants.map(({ client }) => client.subscriptions.subscribe(plugin.pluginId)));
  await (options.isReviewedByHand ? awaitPerson(stage, plugin) : approve(stage, plugin));
}

async function approve(
  { cast, screen, observations }: Stage,
  { title, versionId }: PluginFolder,
): Promise<void> {
  const { reviews } = await cast.reviewer.reviews.list({ state: 'open', limit: 200 });
  const entry = reviews.find((each) => each.versionId === versionId);
  if (!entry) return observations.note(title, 'it waits in the review queue', false, 'it is not there');
  const { packageSha256, slaDeadline } = entry;
  const notes = 'Looked at in the demonstration.';
  const reply = await cast.reviewer.reviews.decide(versionId, { decision: 'approve', notes, packageSha256 });
  screen.by(reply.reviewer, `approved ${title}; the queue wanted a decision by ${slaDeadline}`);
}

async function awaitPerson(
  { cast, screen, web, signal }: Stage,
  { title, versionId }: PluginFolder,
): Promise<void> {
  const ask = () => findRelease(cast.publisher, versionId);
  const waiting = await ask();
  const id = waiting?.review?.reviewQueueId ?? '';
  const address = `${web}reviews/${encodeURIComponent(id)}#token=${cast.reviewerToken}`;
  screen.by('you', `decide about ${title} at ${address}`);
  const decided = async () => {
    const release = await ask();
    return release?.state === 'in_review' ? undefined : release;
  };
  const { review: outcome } = await until(`a decision about ${title}`, decided, { signal });
  screen.by('you', `decided about ${title}: ${outcome?.decision}`);
}
