import path from 'node:path';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { DAY, parseDuration } from '../../core/duration';
import { releaseStates } from '../../core/releases/state';
import { channels } from '../../contracts/plugin';
import type { CommandContext } from '../context';

/** Options and arguments that several commands share, so that they are called and explained alike. */
export const jsonOption = (): Option => new Option('--json', 'print one JSON document on stdout');
export const verboseOption = (): Option => new Option('--verbose', 'print durations and causes');
export const channelOption = (): Option =>
  new Option(
    '--channel <channel>',
    'channel to publish to (default: the first one in publish.yml, otherwise stable)',
  ).choices(channels);
export const notesOption = (): Option =>
  new Option('--notes <file>', "release notes (default: this version's section of CHANGELOG.md)");
export const untilOption = (): Option =>
  new Option('--until <state>', 'stop following when the release reaches this state').choices(releaseStates);

/** A timer of Node holds no longer time. */
const LONGEST_WATCH_MS = 24 * DAY;
export const timeoutOption = (): Option =>
  new Option(
    '--timeout <duration>',
    'stop following after this time, such as 90s, 2h or 3d (default: 7d)',
  ).argParser(parseTimeout);

/** @throws InvalidArgumentError which the command line shows as a mistake of usage */
function parseTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0 && ms <= LONGEST_WATCH_MS) return ms;
  throw new InvalidArgumentError('It is a duration such as 90s, 2h or 3d, at most 24d.');
}

/** How long a release is followed where `--timeout` does not say it, in milliseconds. */
export const DEFAULT_WATCH_MS = 7 * DAY;

export const folderArgument = (): Argument =>
  new Argument('[folder]', 'plugin folder').default('.', 'the current folder');

/** Adds what nearly every command has. */
export const withOutput = (command: Command): Command =>
  command.addOption(jsonOption()).addOption(verboseOption());

/** A path of the command line, relative to where the command was started. */
export const pathFrom = (context: CommandContext, given: string): string =>
  path.resolve(context.surroundings.cwd, given);
