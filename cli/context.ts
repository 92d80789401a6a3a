import { readConfig, type CliConfig } from './config';
import { createTerminal, type OutStream, type Terminal } from './terminal/terminal';

/** The process as the program sees it, so that a test can be one. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stdout: OutStream;
  stderr: OutStream;
  now: () => Date;
  /** Version of this program. */
  version: string;
  /** The folder that this program is installed in. */
  home: string;
}

/** Options that commands share. */
export interface OutputOptions {
  json?: boolean;
  verbose?: boolean;
}

/** What a command gets. */
export interface CommandContext {
  readonly surroundings: Surroundings;
  /** Parsed at the first use, so that `--help` works with any environment. @throws Refusal */
  config(): CliConfig;
  terminal(options?: OutputOptions): Terminal;
}

export function createContext(surroundings: Surroundings): CommandContext {
  let config: CliConfig | undefined;
  return {
    surroundings,
    config: () => (config ??= readConfig(surroundings.env, surroundings)),
    terminal: (options = {}) => createTerminal(surroundings, options),
  };
}
