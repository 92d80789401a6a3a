import { Argument, Command } from 'commander';
import { connect, sayRetries } from '../../client';
import type { CommandContext, OutputOptions } from '../../context';
import { withOutput } from '../options';

/** `keys approve`, for operators. */
export const approveCommand = (context: CommandContext): Command =>
  withOutput(new Command('approve'))
    .description('let a publisher register a key within a day, as an operator')
    .addArgument(new Argument('<publisher>', 'id of the publisher'))
    .addArgument(new Argument('<fingerprint>', 'fingerprint of the key that will be registered'))
    .action((publisher: string, fingerprint: string, options: OutputOptions) =>
      approveKey(context, { publisher, fingerprint }, options),
    );

async function approveKey(
  context: CommandContext,
  { publisher, fingerprint }: { publisher: string; fingerprint: string },
  options: OutputOptions,
): Promise<void> {
  const terminal = context.terminal(options);
  const approved = await connect(context.config(), sayRetries(terminal)).keys.approve(publisher, fingerprint);
  terminal.line(
    `${approved.publisherId} may register the key ${approved.fingerprint} until ${approved.approvedUntil}.`,
  );
  terminal.document(approved);
}
