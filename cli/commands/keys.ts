import { userInfo, hostname } from 'node:os';
import { Command, Option } from 'commander';
import { DAY, SECOND, parseDuration } from '../../core/duration';
import { refusal } from '../../core/errors/errors';
import { connect, sayRetries } from '../client';
import { profileNameSchema, type CliConfig } from '../config';
import type { CommandContext, OutputOptions } from '../context';
import { createProfile, listProfiles, readPublicKey } from '../signing/profiles';
import { renderPairs, renderTable } from '../terminal/table';
import { withOutput } from './options';

interface Options extends OutputOptions {
  profile?: string;
}

interface CreateOptions extends Options {
  name?: string;
  email?: string;
  expires?: string;
}

const profileOption = (): Option =>
  new Option('--profile <name>', 'signing profile (default: PX_SIGNING_PROFILE, otherwise default)');

export function keysCommand(context: CommandContext): Command {
  const create = withOutput(new Command('create'))
    .description('create a key pair; the private key stays on this machine')
    .addOption(profileOption())
    .addOption(new Option('--name <name>', 'name on the key (default: your user name)'))
    .addOption(new Option('--email <address>', 'e-mail address on the key'))
    .addOption(
      new Option('--expires <duration>', 'validity of the key, such as 365d (default: does not expire)'),
    )
    .action((options: CreateOptions) => createKey(context, options));
  const register = withOutput(new Command('register'))
    .description('register the public key with the marketplace')
    .addOption(profileOption())
    .action((options: Options) => registerKey(context, options));
  const list = withOutput(new Command('list'))
    .description('list the keys on this machine and whether they are registered')
    .action((options: Options) => listKeys(context, options));
  return new Command('keys').addCommand(create).addCommand(register).addCommand(list);
}

/** The flag counts more than the variable. */
function readSigning(context: CommandContext, { profile }: Options): CliConfig['signing'] {
  const { signing } = context.config();
  if (profile === undefined) return signing;
  const parsed = profileNameSchema.safeParse(profile);
  if (parsed.success) return { ...signing, profile };
  throw refusal('USAGE', `--profile ${parsed.error.issues[0]?.message ?? 'is not valid'}.`);
}

async function createKey(context: CommandContext, options: CreateOptions): Promise<void> {
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

async function registerKey(context: CommandContext, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const signing = readSigning(context, options);
  const armored = await readPublicKey(signing);
  const registered = await connect(context.config(), sayRetries(terminal)).keys.register(armored);
  terminal.line(`Key ${registered.fingerprint} is registered to ${registered.publisherId}.`);
  terminal.document(registered);
}

/** Without a marketplace, or when it does not answer for this caller, registration stays unknown. */
async function listKeys(context: CommandContext, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const config = context.config();
  const profiles = await listProfiles(config.signing.home);
  const isOnline = config.apiUrl !== undefined && config.token !== undefined;
  const known = isOnline ? (await connect(config, sayRetries(terminal)).keys.list()).keys : undefined;
  const registered = (fingerprint: string): boolean | null =>
    known
      ? known.some((key) => key.fingerprint.toUpperCase() === fingerprint && key.revokedAt === null)
      : null;
  const rows = profiles.map((each) => ({ ...each, registered: registered(each.fingerprint) }));
  terminal.document({ keys: rows });
  if (rows.length === 0)
    return terminal.line('There are no keys yet. Create one with: px-plugin keys create');
  const head = ['profile', 'fingerprint', 'expires', 'registered'];
  const words = { true: 'yes', false: 'no', null: 'unknown' };
  terminal.lines(
    renderTable(
      terminal,
      head,
      rows.map((each) => [
        each.profile,
        each.fingerprint,
        each.expiresAt ?? 'never',
        words[`${each.registered}`],
      ]),
    ),
  );
}
