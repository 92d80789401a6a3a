import { Command } from 'commander';
import type { PublisherKeys } from '../../../contracts/identity/keys';
import type { RevocationReason } from '../../../core/identity/keys';
import { connect, sayRetries } from '../../client';
import type { CommandContext, OutputOptions } from '../../context';
import { listProfiles } from '../../signing/profiles';
import { renderTable } from '../../terminal/table';
import { withOutput } from '../options';

/** `keys list`. */
export const listCommand = (context: CommandContext): Command =>
  withOutput(new Command('list'))
    .description('list the keys on this machine and whether they are registered')
    .action((options: OutputOptions) => listKeys(context, options));

/** Without a marketplace, or when it does not answer for this caller, registration stays unknown. */
async function listKeys(context: CommandContext, options: OutputOptions): Promise<void> {
  const terminal = context.terminal(options);
  const config = context.config();
  const profiles = await listProfiles(config.signing.home);
  const isOnline = config.apiUrl !== undefined && config.token !== undefined;
  const known = isOnline ? (await connect(config, sayRetries(terminal)).keys.list()).keys : undefined;
  const rows = profiles.map((each) => ({ ...each, ...findRegistration(known, each.fingerprint) }));
  terminal.document({ keys: rows });
  if (rows.length === 0)
    return terminal.line('There are no keys yet. Create one with: px-plugin keys create');
  const head = ['profile', 'fingerprint', 'expires', 'registered'];
  terminal.lines(
    renderTable(
      terminal,
      head,
      rows.map((each) => [
        each.profile,
        each.fingerprint,
        each.expiresAt ?? 'never',
        describeRegistration(each),
      ]),
    ),
  );
}

interface Registration {
  /** Null where nobody could be asked. */
  registered: boolean | null;
  revokedReason: RevocationReason | null;
}

function findRegistration(known: PublisherKeys['keys'] | undefined, fingerprint: string): Registration {
  const key = known?.find((each) => each.fingerprint.toUpperCase() === fingerprint);
  if (!key) return { registered: known ? false : null, revokedReason: null };
  const revokedReason = key.revokedAt === null ? null : (key.revokedReason ?? 'unspecified');
  return { registered: revokedReason === null, revokedReason };
}

function describeRegistration({ registered, revokedReason }: Registration): string {
  if (revokedReason !== null) return `revoked (${revokedReason})`;
  if (registered === null) return 'unknown';
  return registered ? 'yes' : 'no';
}
