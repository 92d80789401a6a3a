import { readFile } from 'node:fs/promises';
import { Argument, Command, Option } from 'commander';
import { refusal } from '../../../core/errors/errors';
import { revocationReasons, type RevocationReason } from '../../../core/identity/keys';
import { plural } from '../../../core/plural';
import { describePublicKey } from '../../../pxp/signing';
import { connect, sayRetries } from '../../client';
import type { CommandContext } from '../../context';
import { readPublicKey } from '../../signing/profiles';
import { pathFrom, withOutput } from '../options';
import { profileOption, readSigning, type ProfileOptions } from './profile';

interface Options extends ProfileOptions {
  reason?: RevocationReason;
  note?: string;
  certificate?: string;
  publisher?: string;
}

/** `keys revoke`. */
export const revokeCommand = (context: CommandContext): Command =>
  withOutput(new Command('revoke'))
    .description('revoke a key: nothing is published with it any more')
    .addArgument(new Argument('[fingerprint]', 'the key (default: the one of the profile)'))
    .addOption(
      new Option('--reason <reason>', 'superseded and retired leave what the key signed as it is').choices(
        revocationReasons,
      ),
    )
    .addOption(new Option('--certificate <file>', "the key's armored OpenPGP revocation certificate"))
    .addOption(new Option('--note <text>', 'kept with the revocation'))
    .addOption(new Option('--publisher <id>', 'whose key it is, for operators'))
    .addOption(profileOption())
    .action((fingerprint: string | undefined, options: Options) => revokeKey(context, fingerprint, options));

async function revokeKey(
  context: CommandContext,
  given: string | undefined,
  options: Options,
): Promise<void> {
  const { reason, note, certificate: file, publisher } = options;
  if (reason === undefined && file === undefined)
    throw refusal('USAGE', 'keys revoke needs --reason or --certificate.');
  const terminal = context.terminal(options);
  const fingerprint =
    given ?? (await describePublicKey(await readPublicKey(readSigning(context, options)))).fingerprint;
  const certificate = file === undefined ? undefined : await readFile(pathFrom(context, file), 'utf8');
  const input = { ...(reason && { reason }), ...(note && { note }), ...(certificate && { certificate }) };
  const { keys } = connect(context.config(), sayRetries(terminal));
  const revoked = publisher
    ? await keys.revokeOf(publisher, fingerprint, input)
    : await keys.revoke(fingerprint, input);
  terminal.line(`Key ${revoked.fingerprint} is revoked (${revoked.reason}).`);
  if (revoked.withheld > 0)
    terminal.line(
      `${plural(revoked.withheld, 'version is', 'versions are')} withheld: nobody newly installs what it signed.`,
    );
  terminal.document(revoked);
}
