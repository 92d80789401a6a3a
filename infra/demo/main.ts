import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { getErrorMessage } from '../../core/errors/thrown';
import { progressFor } from '../terminal/progress';
import { addressLines } from '../stack/report';
import { startStack, type Stack } from '../stack/startStack';
import { openCast } from './cast';
import { createObservations } from './observations';
import { parseDemoOptions, USAGE, type DemoOptions } from './options';
import { createPxPlugin } from './pxPlugin';
import { createScreen } from './screen';
import type { Stage } from './stage';
import { tellStory } from './story';

/** `npm run demo`: the stack, and on it a release that goes well and one that comes back. */
async function main(): Promise<void> {
  const options = parseDemoOptions(process.argv.slice(2), process.env);
  if (!options) return void process.stdout.write(`${USAGE}\n`);
  const progress = progressFor();
  const interrupted = new AbortController();
  const { signal } = interrupted;
  const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort());
  const stack = await startStack({ config: options.stack, progress, signal });
  try {
    const isProven = await demonstrate(options, stack, signal);
    if (!isProven) process.exitCode = 1;
    if (!options.exits && !signal.aborted) {
      progress.line('Everything stays up until Ctrl-C.');
      await ended;
    }
  } finally {
    const run = (): Promise<string> => stack.stop().then(() => 'stopped; no process is left');
    await progress.steps([{ title: 'Stopping', run }]);
  }
}

/** Tells the story and where to look; true when all that was claimed was observed. */
async function demonstrate(options: DemoOptions, stack: Stack, signal: AbortSignal): Promise<boolean> {
  const stage = await setStage(options, stack, signal);
  const { screen, observations } = stage;
  let failure: unknown;
  try {
    await tellStory(stage, options, progressFor());
  } catch (error) {
    failure = error;
    screen.line(signal.aborted ? 'interrupted' : screen.paint('red', getErrorMessage(error)));
  }
  if (signal.aborted) return false;
  showAddresses(stage, stack, options);
  const missing = observations.missing();
  for (const { about, claim, evidence } of missing)
    screen.line(`not observed: ${about}: ${claim} (${evidence})`);
  if (failure === undefined && missing.length === 0)
    screen.line(`All ${observations.all.length} claims were observed.`);
  return failure === undefined && missing.length === 0;
}

async function setStage(options: DemoOptions, stack: Stack, signal: AbortSignal): Promise<Stage> {
  const cast = openCast(stack);
  const folder = path.join(options.stack.stateDir, 'demo');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const env = {
    ...options.cliEnv,
    PX_MARKETPLACE_API_URL: stack.addresses.api,
    PX_MARKETPLACE_TOKEN: cast.publisherToken,
    PX_SIGNING_HOME: path.join(folder, 'signing'),
  };
  return {
    cast,
    options,
    signal,
    web: stack.addresses.web,
    cli: createPxPlugin({ cwd: folder, env, signal }),
    screen: createScreen(process.stdout, process.env),
    observations: createObservations(),
  };
}

/** A token is shown to a person only; a log that is kept names the file that has it. */
function showAddresses({ screen, web, cast }: Stage, stack: Stack, options: DemoOptions): void {
  screen.heading('Where to look');
  for (const line of addressLines(stack, screen.isLive)) screen.line(line);
  if (screen.isLive) screen.line(`Releases, signed in: ${web}releases#token=${cast.reviewerToken}`);
  else
    screen.line(
      `Releases: ${web}releases (sign in with a token of ${path.join(options.stack.stateDir, 'secrets.json')})`,
    );
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});
