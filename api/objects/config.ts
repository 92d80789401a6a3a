import { z } from 'zod';
import { textSetting } from '../../platform/settings/text';
import {
  readProcessConfig,
  processSettings,
  readSettings,
  type ProcessConfig,
} from '../../platform/settings/process';
import { MIN_SECRET_LENGTH } from '../../adapters/objects/filesystem/store';

const schema = z.object({
  ...processSettings,
  SPILLWAY_OBJECTS_DIR: textSetting(),
  SPILLWAY_OBJECTS_SECRET: textSetting().min(MIN_SECRET_LENGTH),
});

/** The settings of the object server, as one value. */
export interface ObjectServerConfig extends ProcessConfig {
  dir: string;
  secret: string;
}

/** Reads the settings from an environment; throws with the names (never the values) of bad ones. */
export function objectServerConfig(environment: NodeJS.ProcessEnv): ObjectServerConfig {
  const env = readSettings(schema, environment, 'the object store');
  return { ...readProcessConfig(env), dir: env.SPILLWAY_OBJECTS_DIR, secret: env.SPILLWAY_OBJECTS_SECRET };
}
