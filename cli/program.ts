import { Command, CommanderError } from 'commander';
import { refusal } from '../core/errors/errors';
import { commandTable, type CommandEntry } from './commands';
import { settingHelp } from './settings';
import type { Surroundings } from './context';
import { createTerminal, type OutStream } from './terminal/terminal';
import { toExitStatus, showError } from './terminal/problems';

/**
 * Runs one command line and answers the exit status: 0 when it did what was asked, 1 refused,
 * 2 usage, 3 identity, 4 conflict, 5 unavailable, 6 unfinished (docs/cli.md).
 */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const program = await buildProgram(args, surroundings);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const told = error instanceof CommanderError ? asUsage(error) : error;
    const output = { json: args.includes('--json'), verbose: args.includes('--verbose') };
    showError(createTerminal(surroundings, output), told);
    return toExitStatus(told);
  }
}

/** Only the command that is asked for is loaded, and with it what reads the settings; the list of commands needs neither. */
async function buildProgram(args: readonly string[], surroundings: Surroundings): Promise<Command> {
  const program = new Command('px-plugin')
    .description('Publish plugins: check, pack, sign and upload them, and follow their releases.')
    .version(surroundings.version)
    .addHelpText('after', `\nEnvironment:\n${settingLines()}`);
  const asked = args.filter((each) => !each.startsWith('-'));
  const name = asked[0] === 'help' ? asked[1] : asked[0];
  for (const entry of commandTable) {
    const command = entry.name === name ? await loadCommand(entry, surroundings) : new Command(entry.name);
    program.addCommand(command.description(entry.summary));
  }
  configure(program, surroundings.stdout);
  return program;
}

async function loadCommand(entry: CommandEntry, surroundings: Surroundings): Promise<Command> {
  const { createContext } = await import('./context.js');
  return await entry.load(createContext(surroundings));
}

const settingLines = (): string =>
  settingHelp.map(([name, meaning]) => `  ${name.padEnd(28)}${meaning}`).join('\n');

/** Help goes to stdout; mistakes are thrown, so that they are told like every other refusal. */
function configure(command: Command, stdout: OutStream): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: () => undefined,
      getOutHasColors: () => false,
    });
  command.commands.forEach((each) => configure(each, stdout));
}

/** Without arguments there is nothing to do: that is a usage error whose message is the help itself. */
function asUsage(error: CommanderError) {
  const text = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  const detail = error.code === 'commander.help' ? 'No command was given.' : sentence(text);
  return refusal('USAGE', detail);
}

const sentence = (text: string): string => {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?)]$/.test(capital) ? capital : `${capital}.`;
};
