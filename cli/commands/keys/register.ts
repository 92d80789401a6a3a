import { Command } from 'commander';
import { isValidKey } from '../../../core/identity/keys';
import type { Client } from '../../../sdk/client';
import { connect, sayRetries } from '../../client';
import type { CommandContext } from '../../context';
import { listProfiles, readPublicKey } from '../../signing/profiles';
import type { SigningConfig } from '../../signing/profileFiles';
import { openSigner, type Signer } from '../../signing/signer';
import { withOutput } from '../options';
import { profileOption, readSigning, type ProfileOptions } from './profile';

/** `keys register`. */
export const registerCommand = (context: CommandContext): Command =>
  withOutput(new Command('register'))
    .description('register the public key with the marketplace; the private key signs a challenge for it')
    .addOption(profileOption())
    .action((options: ProfileOptions) => registerKey(context, options));

async function registerKey(context: CommandContext, options: ProfileOptions): Promise<void> {
  const terminal = context.terminal(options);
  const signing = readSigning(context, options);
  const now = context.surroundings.now();
  const armored = await readPublicKey(signing);
  const client = connect(context.config(), sayRetries(terminal));
  const signer = await openSigner(signing, now);
  const registered = await client.keys.register({
    armored,
    fingerprint: signer.fingerprint,
    sign: signer.sign,
    endorse: async (bytes) => (await findEndorser(client, signing, now))?.sign(bytes),
  });
  terminal.line(`Key ${registered.fingerprint} is registered to ${registered.publisherId}.`);
  terminal.document(registered);
}

/** A key on this machine that is registered and valid, so that it may vouch for another. */
async function findEndorser(client: Client, signing: SigningConfig, now: Date): Promise<Signer | undefined> {
  const { keys } = await client.keys.list();
  const valid = new Set(keys.filter((key) => isValidKey(key, now)).map((key) => key.fingerprint));
  const found = (await listProfiles(signing.home)).find((each) => valid.has(each.fingerprint));
  return found && openSigner({ ...signing, profile: found.profile }, now);
}
