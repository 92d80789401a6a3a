import { z } from 'zod';
import {
  readProcessConfig,
  processSettings,
  readSettings,
  type ProcessConfig,
} from '../../platform/settings/process';
import { parsePayloadKeys, type PayloadKey } from '../../adapters/temporal/keys';
import { isLoopbackAddress } from '../../adapters/temporal/loopback';

const schema = z.object({
  ...processSettings,
  SPILLWAY_PAYLOAD_KEYS: z.string().min(1).max(4_096),
  TEMPORAL_UI_URL: z.url().max(2_048),
});

/** The settings of the codec endpoint, as one value. */
export interface CodecConfig extends ProcessConfig {
  keys: readonly [PayloadKey, ...PayloadKey[]];
  /** Origin of Temporal's UI, the only page that is answered. */
  uiOrigin: string;
}

/**
 * Reads the settings from an environment; throws with the names (never the values) of bad ones. It answers on loopback alone:
 * it asks nobody who they are, because Temporal's UI has nothing to show.
 */
export function codecConfig(environment: NodeJS.ProcessEnv): CodecConfig {
  const env = readSettings(schema, environment, 'the codec endpoint');
  const config = readProcessConfig(env);
  if (!isLoopbackAddress(config.host)) {
    throw new Error(
      `Settings of the codec endpoint: HOST is ${config.host}, and whoever reaches the endpoint reads every payload; use 127.0.0.1.`,
    );
  }
  return {
    ...config,
    keys: parsePayloadKeys(env.SPILLWAY_PAYLOAD_KEYS),
    uiOrigin: new URL(env.TEMPORAL_UI_URL).origin,
  };
}
