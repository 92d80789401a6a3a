import { z } from 'zod';
import { MIN_SECRET_LENGTH } from '../../adapters/store/filesystem/store';

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST: z.string().min(1).default('127.0.0.1'),
  SPILLWAY_STORE_DIR: z.string().min(1),
  SPILLWAY_STORE_SECRET: z.string().min(MIN_SECRET_LENGTH),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SPILLWAY_EXIT_WITH_PARENT: z.enum(['0', '1']).default('0'),
});

/** The settings of the store's door, as one value. */
export interface StoreDoorConfig {
  port: number;
  host: string;
  dir: string;
  secret: string;
  logLevel: string;
  /** End when standard input ends: the process that started this one is gone. */
  exitWithParent: boolean;
}

/** Reads the settings from an environment; throws with the names (never the values) of bad ones. */
export function storeDoorConfig(environment: NodeJS.ProcessEnv): StoreDoorConfig {
  const read = schema.safeParse(environment);
  if (!read.success) throw new Error(`Settings of the store: ${z.prettifyError(read.error)}`);
  const settings = read.data;
  return {
    port: settings.PORT,
    host: settings.HOST,
    dir: settings.SPILLWAY_STORE_DIR,
    secret: settings.SPILLWAY_STORE_SECRET,
    logLevel: settings.LOG_LEVEL,
    exitWithParent: settings.SPILLWAY_EXIT_WITH_PARENT === '1',
  };
}
