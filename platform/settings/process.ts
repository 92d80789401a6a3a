import { z } from 'zod';
import { textSetting } from './text';
import { flagSetting } from './flag';

/** What every process of the platform is told by the same names. */
export const processSettings = {
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST: textSetting().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SPILLWAY_EXIT_WITH_PARENT: flagSetting(false),
};

export interface ProcessConfig {
  /** 0 takes a free one. */
  port: number;
  host: string;
  logLevel: string;
  /** End when standard input ends: the process that started this one is gone. */
  exitWithParent: boolean;
}

export const readProcessConfig = (env: z.infer<z.ZodObject<typeof processSettings>>): ProcessConfig => ({
  port: env.PORT,
  host: env.HOST,
  logLevel: env.LOG_LEVEL,
  exitWithParent: env.SPILLWAY_EXIT_WITH_PARENT,
});

/**
 * Reads settings from an environment.
 *
 * @param whose names the process in the error, as in "Settings of the API"
 * @throws Error with the names (never the values) of all bad ones
 */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
  whose: string,
): z.infer<Schema> {
  const read = schema.safeParse(environment);
  if (read.success) return read.data;
  throw new Error(`Settings of ${whose}: ${z.prettifyError(read.error)}`);
}
