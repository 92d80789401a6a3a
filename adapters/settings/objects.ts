import { z } from 'zod';
import { textSetting, urlSetting } from '../../platform/settings/text';
import type { ObjectStoreConfig } from '../objects/create';

/** Settings of the object store, by the same names in every process. */
export const objectsSettings = {
  SPILLWAY_OBJECTS_DRIVER: z.enum(['filesystem', 'gcs']).default('filesystem'),
  SPILLWAY_OBJECTS_URL: urlSetting().optional(),
  SPILLWAY_OBJECTS_SECRET: textSetting().optional(),
  SPILLWAY_OBJECTS_DIR: textSetting().optional(),
  SPILLWAY_OBJECTS_BUCKET: textSetting().optional(),
  SPILLWAY_OBJECTS_ENDPOINT: urlSetting().optional(),
};
type Settings = z.infer<z.ZodObject<typeof objectsSettings>>;

/** The driver's configuration. @throws Error that names the setting that is missing */
export function readObjectStoreConfig(env: Settings): ObjectStoreConfig {
  if (env.SPILLWAY_OBJECTS_DRIVER === 'gcs') {
    return {
      driver: 'gcs',
      bucket: required(env.SPILLWAY_OBJECTS_BUCKET, 'SPILLWAY_OBJECTS_BUCKET'),
      ...(env.SPILLWAY_OBJECTS_ENDPOINT ? { apiEndpoint: env.SPILLWAY_OBJECTS_ENDPOINT } : {}),
      ...(env.SPILLWAY_OBJECTS_URL ? { publicUrl: env.SPILLWAY_OBJECTS_URL } : {}),
    };
  }
  return {
    driver: 'filesystem',
    dir: required(env.SPILLWAY_OBJECTS_DIR, 'SPILLWAY_OBJECTS_DIR'),
    publicUrl: required(env.SPILLWAY_OBJECTS_URL, 'SPILLWAY_OBJECTS_URL'),
    secret: required(env.SPILLWAY_OBJECTS_SECRET, 'SPILLWAY_OBJECTS_SECRET'),
  };
}

function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw new Error(`Settings of the object store: ${name} is missing.`);
}
