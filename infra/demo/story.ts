import path from 'node:path';
import { z } from 'zod';
import { InfraFailure } from '../terminal/failure';
import type { Progress } from '../terminal/progress';
import { carryLive, carryQuietly } from './carry';
import { observeCompleted } from './claims';
import { showObservations, showReleases, showTimeline } from './closing';
import type { DemoOptions } from './options';
import { makePluginFolder, plantFault, type PluginFolder } from './pluginFolder';
import { observeRolledBack } from './rollbackClaims';
import type { Stage } from './stage';

/**
 * The whole demonstration: three plugins are released from their folders to all tenants, then an upgrade
 * fails on its first hosts and is rolled back. What is claimed at the end is read from API and hosts.
 */
export async function tellStory(
  stage: Stage,
  { plugins, upgrade, stack }: Pick<DemoOptions, 'plugins' | 'upgrade' | 'stack'>,
  progress: Progress,
): Promise<void> {
  const { screen, observations } = stage;
  const root = path.join(stack.stateDir, 'demo', 'plugins');
  screen.heading('The author: a signing key and plugin folders, by px-plugin');
  const [faulty, first, ...others] = await prepare(stage, root, [upgrade, ...plugins], progress);
  if (!first || !faulty || faulty.pluginId !== first.pluginId) {
    const reason = `${upgrade} is no version of the first plugin, ${first?.pluginId ?? 'which is not named'}`;
    throw new InfraFailure('demonstration', reason, 'give --plugins and --upgrade of one plugin');
  }

  screen.heading(`${first.title}: published, reviewed, rolled out`);
  const status = await carryTogether(stage, first, others);
  const followed = 'px-plugin followed it to its completion';
  observations.note(first.title, followed, status === 0, `exit status ${status}`);
  for (const plugin of [first, ...others]) await observeCompleted(stage, plugin);

  if (status === 0) await releaseFaulty(stage, faulty, first);
  else observations.note(faulty.title, 'it is released', false, `${first.title} did not get through`);
  screen.heading('Observed');
  showObservations(stage);
  screen.heading('Releases');
  await showReleases(stage, status === 0 ? [first, ...others, faulty] : [first, ...others]);
}

/** Releases an upgrade whose fault shows only on hosts with data of the version before it. */
async function releaseFaulty(stage: Stage, faulty: PluginFolder, before: PluginFolder): Promise<void> {
  const { screen, observations } = stage;
  screen.heading(`${faulty.title}: an upgrade with a planted fault`);
  screen.line(`Its health check refuses data of ${before.version}, so a trial on a fresh host passes.`);
  const ended = await carryLive(stage, faulty);
  const told = 'px-plugin told its author that it was taken back';
  observations.note(faulty.title, told, ended === 1, `exit status ${ended}`);
  await observeRolledBack(stage, faulty, before);
  screen.heading(`Timeline of ${faulty.title}, as the record has it`);
  await showTimeline(stage, faulty);
}

/** Starts the others once the first is approved, so that they slow neither its publish nor the output about it. */
async function carryTogether(stage: Stage, first: PluginFolder, others: readonly PluginFolder[]) {
  let approved = (): void => undefined;
  const isApproved = new Promise<void>((resolve) => (approved = resolve));
  const [status] = await Promise.all([
    carryLive(stage, first, () => approved()),
    ...others.map((plugin) => isApproved.then(() => carryQuietly(stage, plugin))),
  ]);
  return status;
}

const keysSchema = z.object({ keys: z.array(z.object({ fingerprint: z.string() })) });

/** A registered signing key and a folder for each source; the first of them gets the fault. */
async function prepare(stage: Stage, root: string, sources: readonly string[], progress: Progress) {
  const folders: PluginFolder[] = [];
  const { cli } = stage;
  await progress.steps([
    { title: 'px-plugin keys', run: () => makeKey(stage) },
    ...sources.map((from, index) => ({
      title: `px-plugin init --from ${from}`,
      run: async () => {
        const plugin = await makePluginFolder(cli, root, from);
        if (index === 0) await plantFault(plugin);
        folders.push(plugin);
        return `px-plugin init --from ${from}: ${plugin.versionId}${index === 0 ? ', with a planted fault' : ''}`;
      },
    })),
  ]);
  return folders;
}

async function makeKey({ cli }: Stage): Promise<string> {
  const { keys } = keysSchema.parse(await cli.json('keys', 'list'));
  if (keys.length === 0)
    await cli.json('keys', 'create', '--name', 'Demonstration', '--email', 'author@example.com');
  const { fingerprint } = z.object({ fingerprint: z.string() }).parse(await cli.json('keys', 'register'));
  return `px-plugin keys create, register: ${fingerprint}`;
}
