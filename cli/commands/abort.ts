import { Argument, Command } from 'commander';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { withOutput } from './options';

/** Ends an upload that is not complete, so that it counts no more. */
export function abortCommand(context: CommandContext): Command {
  return withOutput(new Command('abort'))
    .addArgument(new Argument('<version-id>', 'versionId of the receipt'))
    .action(async (versionId: string, options: OutputOptions) => {
      const terminal = context.terminal(options);
      const client = connect(context.config(), sayRetries(terminal));
      const ended = await client.releases.abortUpload(versionId);
      terminal.document(ended);
      if (!terminal.json) terminal.line(`The upload of ${ended.versionId} has ended; nothing of it is kept.`);
    });
}
