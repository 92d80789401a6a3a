import type { PluginFolder } from './pluginFolder';
import { findRelease } from './record';
import { review } from './review';
import type { Stage } from './stage';

const ROLLOUT_MS = 300_000;

/** A person may take a day to decide; a rollout that stands still must not keep the demonstration from ending. */
const readLimit = ({ options }: Stage): number | undefined =>
  options.isReviewedByHand ? undefined : 2 * ROLLOUT_MS;

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
    screen.line(
      `It has been there since an earlier run: ${known.state}. This is its record; --fresh starts over.`,
    );
  screen.line(screen.paint('dim', `$ px-plugin ${args.join(' ')}`));
  let isOver = false;
  const following = cli.shown(args, readLimit(stage)).finally(() => (isOver = true));
  const reviewing = review(stage, plugin, () => isOver).then(onApproved);
  const [status] = await Promise.all([following, reviewing]);
  return status;
}

/** The same without the author's screen: one line for each thing that matters. */
export async function carryQuietly(stage: Stage, plugin: PluginFolder): Promise<void> {
  const { cli, cast, screen } = stage;
  const say = (text: string): void => screen.by(plugin.title, text);
  const known = await findRelease(cast.publisher, plugin.versionId);
  if (known === undefined || known.state === 'uploading') await cli.json('publish', plugin.folder);
  say(known ? `${known.state} since an earlier run` : 'submitted by px-plugin publish');
  await review(stage, plugin, () => false);
  const ended = await follow(stage, plugin);
  if (ended !== known?.state) say(ended ?? `has not ended after ${ROLLOUT_MS / 1000} s`);
}

/** The state that a release ended in; undefined when it takes too long, for the claims to tell. */
async function follow({ cast, signal }: Stage, { versionId }: PluginFolder): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(ROLLOUT_MS);
  const either = AbortSignal.any([signal, deadline]);
  try {
    for await (const event of cast.publisher.releases.follow(`release:${versionId}`, { signal: either }))
      if (event.type === 'end') return event.state;
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error;
  }
  return undefined;
}
