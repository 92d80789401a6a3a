import { Argument, Command, Option } from 'commander';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { withOutput } from './options';

interface Options extends OutputOptions {
  reason?: string;
}

/** Ends a release that waits; what tenants were offered is an operator's to take back. */
export function withdrawCommand(context: CommandContext): Command {
  return withOutput(new Command('withdraw'))
    .addArgument(new Argument('<version-id>', 'versionId of the receipt'))
    .addOption(new Option('--reason <text>', 'why, for the timeline'))
    .action(async (versionId: string, options: Options) => {
      const terminal = context.terminal(options);
      const client = connect(context.config(), sayRetries(terminal));
      const { reason } = options;
      const ended = await client.releases.withdraw(versionId, reason === undefined ? {} : { reason });
      terminal.document(ended);
      if (!terminal.json)
        terminal.line(`${ended.versionId} is withdrawn; nobody was offered it. It may be published again.`);
    });
}
