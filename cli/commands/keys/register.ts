import { Command } from 'commander';
import { connect, sayRetries } from '../../client';
import type { CommandContext } from '../../context';
import { readPublicKey } from '../../signing/profiles';
import { withOutput } from '../options';
import { profileOption, readSigning, type ProfileOptions } from './profile';

/** `keys register`. */
export const registerCommand = (context: CommandContext): Command =>
  withOutput(new Command('register'))
    .description('register the public key with the marketplace')
    .addOption(profileOption())
    .action((options: ProfileOptions) => registerKey(context, options));

async function registerKey(context: CommandContext, options: ProfileOptions): Promise<void> {
  const terminal = context.terminal(options);
  const signing = readSigning(context, options);
  const armored = await readPublicKey(signing);
  const registered = await connect(context.config(), sayRetries(terminal)).keys.register(armored);
  terminal.line(`Key ${registered.fingerprint} is registered to ${registered.publisherId}.`);
  terminal.document(registered);
}
