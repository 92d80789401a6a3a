import { Command, Option } from 'commander';
import { isErrorCode } from '../../core/errors/catalogue';
import type { ReleaseState } from '../../core/releases/state';
import type { Channel } from '../../contracts/plugin';
import { getOrigin } from '../../sdk/http/problems';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { openPublishLog } from '../publish/log';
import { STAGE_COUNT, publish, type Published } from '../publish/pipeline';
import { showReceipt } from '../publish/receipt';
import { toProblems } from '../terminal/problems';
import { createStages } from '../terminal/stages';
import type { Terminal } from '../terminal/terminal';
import { watchRelease } from '../watch/watch';
import {
  channelOption,
  DEFAULT_WATCH_MS,
  folderArgument,
  notesOption,
  pathFrom,
  timeoutOption,
  untilOption,
  withOutput,
} from './options';

interface Options extends OutputOptions {
  channel?: Channel;
  notes?: string;
  watch?: boolean;
  until?: ReleaseState;
  timeout?: number;
}

export function publishCommand(context: CommandContext): Command {
  return withOutput(new Command('publish'))
    .addArgument(folderArgument())
    .addOption(channelOption())
    .addOption(notesOption())
    .addOption(new Option('--watch', 'follow the release after submitting it'))
    .addOption(untilOption().implies({ watch: true }))
    .addOption(timeoutOption())
    .action((folder: string, options: Options) => run(context, pathFrom(context, folder), options));
}

/** Submits, shows the receipt, and follows the release when that is wanted. */
async function run(context: CommandContext, root: string, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const published = await submit(context, root, options, terminal);
  showReceipt(terminal, published.receipt, published.receiptPath);
  const { receipt } = published;
  if (!options.watch) return terminal.document(receipt);
  terminal.line();
  const client = connect(context.config(), sayRetries(terminal));
  const { until, timeout: timeoutMs = DEFAULT_WATCH_MS } = options;
  const { state } = await watchRelease(client, receipt.publishId, terminal, { until, timeoutMs });
  terminal.document({ ...receipt, state });
}

/** The pipeline with its log: a line when it starts, one a retry, one when it ends either way. */
async function submit(
  context: CommandContext,
  root: string,
  options: Options,
  terminal: Terminal,
): Promise<Published> {
  const config = context.config();
  const { now } = context.surroundings;
  const started = now().getTime();
  const stages = createStages(terminal, STAGE_COUNT);
  const log = await openPublishLog(root, now);
  const client = connect(config, (notice) => {
    sayRetries(terminal)(notice);
    void log.write({ status: 'retried' }, { attempt: notice.attempt, reason: notice.reason });
  });
  const deps = { client, signing: config.signing, stages, now, onChecked: log.know };
  const notes = options.notes === undefined ? undefined : pathFrom(context, options.notes);
  try {
    const published = await publish({ root, channel: options.channel, notes }, deps);
    const elapsedMs = now().getTime() - started;
    await log.write({ status: 'submitted', elapsedMs }, { stages: stages.timings });
    return published;
  } catch (error) {
    const [first] = toProblems(error);
    const errorCode = first && isErrorCode(first.code) ? first.code : 'INTERNAL';
    const elapsedMs = now().getTime() - started;
    const requestId = getOrigin(error)?.requestId ?? null;
    await log.write({ status: 'refused', elapsedMs, errorCode, requestId }, { stages: stages.timings });
    throw error;
  }
}
