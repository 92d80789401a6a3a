import { Command } from 'commander';
import type { CommandContext } from '../context';
import { approveCommand } from './keys/approve';
import { createCommand } from './keys/create';
import { listCommand } from './keys/list';
import { registerCommand } from './keys/register';
import { revokeCommand } from './keys/revoke';

/** Signing keys of this machine. */
export const keysCommand = (context: CommandContext): Command =>
  new Command('keys')
    .addCommand(createCommand(context))
    .addCommand(registerCommand(context))
    .addCommand(listCommand(context))
    .addCommand(revokeCommand(context))
    .addCommand(approveCommand(context));
