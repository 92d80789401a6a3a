import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { getErrorMessage } from '../../core/errors/thrown';
import { openCast } from '../demo/cast';
import { createPxPlugin } from '../demo/pxPlugin';
import { createScreen } from '../demo/screen';
import { parseStackConfig } from '../stack/config';
import { startStack, type Stack } from '../stack/startStack';
import { progressFor } from '../terminal/progress';
import { carry, isRight, type Carried, type CorpusStage } from './carry';
import { corpus } from './packages';

/**
 * `npm run corpus -- [--only <part of a name>] [--state <folder>]`: takes real packages from the registry that npm is
 * set to through init, publish, review and rollout on a stack of its own, and prints what became of each. Ends with
 * status 0 when each came as far as it should.
 */
async function main(): Promise<void> {
  const options = {
    only: { type: 'string' },
    state: { type: 'string', default: '.spillway/corpus' },
  } as const;
  const { only, state } = parseArgs({ options }).values;
  const interrupted = new AbortController();
  const { signal } = interrupted;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort());
  const config = parseStackConfig({ state, fresh: false }, process.env);
  const stack = await startStack({ config, progress: progressFor(), signal });
  try {
    const rows = await carryAll(await setStage(stack, config.stateDir, signal), only ?? '');
    if (!rows.every(isRight)) process.exitCode = 1;
  } finally {
    await stack.stop();
  }
}

async function setStage(stack: Stack, stateDir: string, signal: AbortSignal): Promise<CorpusStage> {
  const cast = openCast(stack);
  const folder = path.join(stateDir, 'corpus');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const env = {
    ...process.env,
    PX_MARKETPLACE_API_URL: stack.addresses.api,
    PX_MARKETPLACE_TOKEN: cast.publisherToken,
    PX_SIGNING_HOME: path.join(folder, 'signing'),
  };
  const cli = createPxPlugin({ cwd: folder, env, signal });
  await cli.json('keys', 'create').catch(() => undefined);
  await cli.json('keys', 'register');
  return { cast, cli, folder, signal };
}

async function carryAll(stage: CorpusStage, only: string): Promise<Carried[]> {
  const screen = createScreen(process.stdout, process.env);
  const rows: Carried[] = [];
  for (const each of corpus.filter(({ spec }) => spec.includes(only))) {
    const row = await carry(stage, each);
    rows.push(row);
    screen.line(`${isRight(row) ? 'ok  ' : 'FAIL'} ${each.spec}: ${row.end} (${row.seconds} s)`);
  }
  screen.table(
    ['package', 'files', 'entry', 'vendored', 'entry was', 'then', 'right', 's'],
    rows.map((row) => [
      row.package.spec,
      String(row.files),
      row.entry,
      String(row.vendored),
      row.check,
      row.end.slice(0, 60),
      isRight(row) ? 'yes' : 'NO',
      String(row.seconds),
    ]),
  );
  const right = rows.filter(isRight);
  const running = rows.filter(({ end }) => end === 'active');
  screen.line(
    `${right.length} of ${rows.length} packages came as far as they should; ${running.length} are active on every host.`,
  );
  return rows;
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});
