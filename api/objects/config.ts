import { z } from 'zod';
import {
  processConfigOf,
  processSettings,
  readSettings,
  type ProcessConfig,
} from '../../adapters/settings/process';
import { MIN_SECRET_LENGTH } from '../../adapters/objects/filesystem/store';

const schema = z.object({
  ...processSettings,
  SPILLWAY_STORE_DIR: z.string().min(1),
  SPILLWAY_STORE_SECRET: z.string().min(MIN_SECRET_LENGTH),
});

/** The settings of the store's door, as one value. */
export interface StoreDoorConfig extends ProcessConfig {
  dir: string;
  secret: string;
}

/** Reads the settings from an environment; throws with the names (never the values) of bad ones. */
export function storeDoorConfig(environment: NodeJS.ProcessEnv): StoreDoorConfig {
  const env = readSettings(schema, environment, 'the store');
  return { ...processConfigOf(env), dir: env.SPILLWAY_STORE_DIR, secret: env.SPILLWAY_STORE_SECRET };
}
