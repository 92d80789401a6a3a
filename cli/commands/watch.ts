import { Command } from 'commander';
import type { ReleaseState } from '../../core/releases/state';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { watchRelease } from '../watch/watch';
import { DEFAULT_WATCH_MS, timeoutOption, untilOption, withOutput } from './options';
import { releaseArgument } from './status';

interface Options extends OutputOptions {
  until?: ReleaseState;
  timeout?: number;
}

export function watchCommand(context: CommandContext): Command {
  return withOutput(new Command('watch'))
    .addArgument(releaseArgument())
    .addOption(untilOption())
    .addOption(timeoutOption())
    .action(async (id: string, options: Options) => {
      const terminal = context.terminal(options);
      const client = connect(context.config(), sayRetries(terminal));
      const { until, timeout: timeoutMs = DEFAULT_WATCH_MS } = options;
      const { state, events } = await watchRelease(client, id, terminal, { until, timeoutMs });
      terminal.document({ id, state, events });
    });
}
