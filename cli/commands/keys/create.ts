import { userInfo, hostname } from 'node:os';
import { Command, Option } from 'commander';
import { DAY, SECOND, parseDuration } from '../../../core/duration';
import { refusal } from '../../../core/errors/errors';
import type { CommandContext } from '../../context';
import { createProfile } from '../../signing/profiles';
import { renderPairs } from '../../terminal/table';
import { withOutput } from '../options';
import { profileOption, readSigning, type ProfileOptions } from './profile';

interface Options extends ProfileOptions {
  name?: string;
  email?: string;
  expires?: string;
}

/** `keys create`. */
export const createCommand = (context: CommandContext): Command =>
  withOutput(new Command('create'))
    .description('create a key pair; the private key stays on this machine')
    .addOption(profileOption())
    .addOption(new Option('--name <name>', 'name on the key (default: your user name)'))
    .addOption(new Option('--email <address>', 'e-mail address on the key'))
    .addOption(
      new Option('--expires <duration>', 'validity of the key, such as 365d (default: does not expire)'),
    )
    .action((options: Options) => createKey(context, options));

async function createKey(context: CommandContext, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const signing = readSigning(context, options);
  const name = options.name ?? userInfo().username;
  const email = options.email ?? `${userInfo().username}@${hostname()}`;
  const owner = { name, email, expiresInSeconds: lifetime(options.expires), now: context.surroundings.now() };
  const { fingerprint, folder } = await createProfile(signing, owner);
  const { profile } = signing;
  const isProtected = signing.passphrase !== undefined;
  terminal.lines(
    renderPairs(terminal, [
      ['profile', profile],
      ['fingerprint', fingerprint],
      ['folder', folder],
      ['passphrase', isProtected ? 'set (PX_SIGNING_PASSPHRASE)' : 'none'],
      ['next', `px-plugin keys register${profile === 'default' ? '' : ` --profile ${profile}`}`],
    ]),
  );
  terminal.document({ profile, fingerprint, folder, protected: isProtected });
}

/** Seconds; 0 is for ever, as OpenPGP writes it. */
function lifetime(text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= DAY) return Math.round(ms / SECOND);
  throw refusal('USAGE', `--expires takes a duration of at least one day, such as 365d, not "${text}".`);
}
