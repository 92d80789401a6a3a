import type { Command } from 'commander';
import type { CommandContext } from './context';

/** A command's name and line in the list; `load` reads its file when it is asked for. */
export interface CommandEntry {
  name: string;
  summary: string;
  load(context: CommandContext): Promise<Command>;
}

/** Every command, in the order in which an author meets them. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'make a plugin folder from a folder or an npm package',
    load: async (context) => (await import('./commands/init.js')).initCommand(context),
  },
  {
    name: 'keys',
    summary: 'create, register and list signing keys',
    load: async (context) => (await import('./commands/keys.js')).keysCommand(context),
  },
  {
    name: 'precheck',
    summary: 'check a plugin folder as the marketplace will',
    load: async (context) => (await import('./commands/precheck.js')).precheckCommand(context),
  },
  {
    name: 'pack',
    summary: 'build the signed package without publishing it',
    load: async (context) => (await import('./commands/pack.js')).packCommand(context),
  },
  {
    name: 'publish',
    summary: 'check, pack, sign, upload and submit for review',
    load: async (context) => (await import('./commands/publish.js')).publishCommand(context),
  },
  {
    name: 'status',
    summary: 'show where a release is',
    load: async (context) => (await import('./commands/status.js')).statusCommand(context),
  },
  {
    name: 'watch',
    summary: 'follow a release live',
    load: async (context) => (await import('./commands/watch.js')).watchCommand(context),
  },
  {
    name: 'review',
    summary: 'list and decide reviews',
    load: async (context) => (await import('./commands/review.js')).reviewCommand(context),
  },
  {
    name: 'doctor',
    summary: 'say of each component whether it is there and what to do if not',
    load: async (context) => (await import('./commands/doctor.js')).doctorCommand(context),
  },
];
