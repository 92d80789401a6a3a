import { Command } from 'commander';
import type { CommandContext } from '../context';
import { createCommand } from './keys/create';
import { listCommand } from './keys/list';
import { registerCommand } from './keys/register';

/** Signing keys of this machine. */
export const keysCommand = (context: CommandContext): Command =>
  new Command('keys')
    .addCommand(createCommand(context))
    .addCommand(registerCommand(context))
    .addCommand(listCommand(context));
