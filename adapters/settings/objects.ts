import { z } from 'zod';
import type { StoreConfig } from '../objects/create';

/** Settings of the object store, by the same names in every process. */
export const storeSettings = {
  SPILLWAY_STORE_DRIVER: z.enum(['filesystem', 'gcs']).default('filesystem'),
  SPILLWAY_STORE_URL: z.url().optional(),
  SPILLWAY_STORE_SECRET: z.string().optional(),
  SPILLWAY_STORE_DIR: z.string().min(1).optional(),
  SPILLWAY_STORE_BUCKET: z.string().min(1).optional(),
  SPILLWAY_STORE_ENDPOINT: z.url().optional(),
};
type Settings = z.infer<z.ZodObject<typeof storeSettings>>;

/** The driver's configuration. @throws Error that names the setting that is missing */
export function storeConfigOf(env: Settings): StoreConfig {
  if (env.SPILLWAY_STORE_DRIVER === 'gcs') {
    return {
      driver: 'gcs',
      bucket: required(env.SPILLWAY_STORE_BUCKET, 'SPILLWAY_STORE_BUCKET'),
      ...(env.SPILLWAY_STORE_ENDPOINT ? { apiEndpoint: env.SPILLWAY_STORE_ENDPOINT } : {}),
      ...(env.SPILLWAY_STORE_URL ? { publicUrl: env.SPILLWAY_STORE_URL } : {}),
    };
  }
  return {
    driver: 'filesystem',
    dir: required(env.SPILLWAY_STORE_DIR, 'SPILLWAY_STORE_DIR'),
    publicUrl: required(env.SPILLWAY_STORE_URL, 'SPILLWAY_STORE_URL'),
    secret: required(env.SPILLWAY_STORE_SECRET, 'SPILLWAY_STORE_SECRET'),
  };
}

function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw new Error(`Settings of the object store: ${name} is missing.`);
}
