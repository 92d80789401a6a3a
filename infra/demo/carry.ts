import type { ReleaseView } from '../../contracts/release';
import type { Cast } from './cast';
import type { Observations } from './observations';
import type { DemoOptions } from './options';
import type { PluginFolder } from './pluginFolder';
import type { PxPlugin } from './pxPlugin';
import { findRelease, isInCatalogue } from './record';
import type { Screen } from './screen';
import { until } from './until';

/** What every step of the demonstration has at hand. */
export interface Stage {
  cast: Cast;
  cli: PxPlugin;
  screen: Screen;
  observations: Observations;
  options: Pick<DemoOptions, 'isReviewedByHand'>;
  /** Address of the pages, ending with a slash. */
  web: string;
  signal: AbortSignal;
}

const SCANNING_MS = 180_000;
const ROLLOUT_MS = 300_000;
const UNDECIDED = ['draft', 'uploading', 'scanning'];

/**
 * Publishes on the screen, as an author sees it, and follows until the end; the reviewer acts besides.
 * Returns the exit status of the command line.
 */
export async function carryLive(stage: Stage, plugin: PluginFolder, onApproved = (): void => undefined) {
  const { cli, cast, screen } = stage;
  const known = await findRelease(cast.publisher, plugin.versionId);
  // What an earlier run has begun is taken up where it stands.
  const isThere = known !== undefined && known.state !== 'uploading';
  const args = isThere ? ['watch', plugin.versionId] : ['publish', plugin.folder, '--watch'];
  if (isThere)
    screen.line(`It is there since an earlier run: ${known.state}. This is its record; --fresh begins anew.`);
  screen.line(screen.paint('dim', `$ px-plugin ${args.join(' ')}`));
  let isOver = false;
  const following = cli.shown(...args).finally(() => (isOver = true));
  const reviewing = review(stage, plugin, () => isOver).then(onApproved);
  const [status] = await Promise.all([following, reviewing]);
  return status;
}

/** The same without the author's screen: one line for each thing that matters. */
export async function carryQuietly(stage: Stage, plugin: PluginFolder): Promise<void> {
  const { cli, cast, screen, signal } = stage;
  const say = (text: string): void => screen.by(plugin.title, text);
  const known = await findRelease(cast.publisher, plugin.versionId);
  if (known === undefined || known.state === 'uploading') await cli.json('publish', plugin.folder);
  say(known ? `${known.state} since an earlier run` : 'submitted by px-plugin publish');
  await review(stage, plugin, () => false);
  const deadline = AbortSignal.timeout(ROLLOUT_MS);
  const events = cast.publisher.events(`release:${plugin.versionId}`, {
    signal: AbortSignal.any([signal, deadline]),
  });
  for await (const event of events)
    if (event.type === 'end' && event.state !== known?.state) say(event.state);
}

/**
 * Waits until the scanners have let the release pass, has the tenants subscribe, and decides: by the API
 * that the console uses, or by a person at the console.
 */
async function review(stage: Stage, plugin: PluginFolder, isOver: () => boolean): Promise<void> {
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
  await Promise.all(cast.tenants.map(({ client }) => client.subscribe(plugin.pluginId)));
  await (options.isReviewedByHand ? awaitPerson(stage, plugin) : approve(stage, plugin));
}

async function approve(
  { cast, screen, observations }: Stage,
  { title, versionId }: PluginFolder,
): Promise<void> {
  const { reviews } = await cast.reviewer.reviews({ state: 'open', limit: 200 });
  const entry = reviews.find((each) => each.versionId === versionId);
  if (!entry) return observations.note(title, 'it waits in the review queue', false, 'it is not there');
  const { packageSha256, slaDeadline } = entry;
  const notes = 'Looked at in the demonstration.';
  const reply = await cast.reviewer.decide(versionId, { decision: 'approve', notes, packageSha256 });
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
