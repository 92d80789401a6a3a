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
    summary: 'create a plugin folder from a folder or an npm package',
    load: async (context) => (await import('./commands/init.js')).initCommand(context),
  },
  {
    name: 'keys',
    summary: 'create, register, list and revoke signing keys',
    load: async (context) => (await import('./commands/keys.js')).keysCommand(context),
  },
  {
    name: 'tokens',
    summary: 'list and revoke tokens; issue them, as an operator',
    load: async (context) => (await import('./commands/tokens.js')).tokensCommand(context),
  },
  {
    name: 'precheck',
    summary: "run the marketplace's checks on a plugin folder",
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
    summary: 'show the state of a release',
    load: async (context) => (await import('./commands/status.js')).statusCommand(context),
  },
  {
    name: 'abort',
    summary: 'end an upload that is not complete',
    load: async (context) => (await import('./commands/abort.js')).abortCommand(context),
  },
  {
    name: 'withdraw',
    summary: 'withdraw a release that waits',
    load: async (context) => (await import('./commands/withdraw.js')).withdrawCommand(context),
  },
  {
    name: 'watch',
    summary: 'follow a release live',
    load: async (context) => (await import('./commands/watch.js')).watchCommand(context),
  },
  {
    name: 'review',
    summary: 'list pending reviews; approve or reject a release',
    load: async (context) => (await import('./commands/review.js')).reviewCommand(context),
  },
  {
    name: 'restrictions',
    summary: 'see what is withheld and appeal; impose, lift and answer, as an operator',
    load: async (context) => (await import('./commands/restrictions.js')).restrictionsCommand(context),
  },
  {
    name: 'doctor',
    summary: 'check that everything needed for publishing is available',
    load: async (context) => (await import('./commands/doctor.js')).doctorCommand(context),
  },
];
