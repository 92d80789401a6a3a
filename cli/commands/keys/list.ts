import { Command } from 'commander';
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
