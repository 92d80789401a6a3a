import path from 'node:path';
import { z } from 'zod';
import { MINUTE, SECOND } from '../../core/duration';
import {
  processSettings,
  readProcessConfig,
  readSettings,
  type ProcessConfig,
} from '../../platform/settings/process';
import { durationSetting } from '../../platform/settings/duration';
import { textSetting, urlSetting } from '../../platform/settings/text';

const schema = z.object({
  ...processSettings,
  DATABASE_URL: urlSetting(),
  SPILLWAY_SIGNER_KEYS: textSetting(),
  SPILLWAY_SIGNER_POLL: durationSetting(SECOND / 4),
  SPILLWAY_SIGNER_CHECK: durationSetting(MINUTE),
});

/** All settings of the signer, as one value. Durations are milliseconds. */
export interface SignerConfig extends ProcessConfig {
  databaseUrl: string;
  /** The folder with the keys of the roles and every version of the root. */
  keys: string;
  /** How often the feed is looked at. */
  pollMs: number;
  /** How often every statement is held against the rows, keys are read again, and what ages is signed anew. */
  checkMs: number;
}

/** Reads the settings from an environment; throws with the names (never the values) of bad ones. */
export function signerConfig(environment: NodeJS.ProcessEnv): SignerConfig {
  const env = readSettings(schema, environment, 'the signer');
  return {
    ...readProcessConfig(env),
    databaseUrl: env.DATABASE_URL,
    keys: path.resolve(env.SPILLWAY_SIGNER_KEYS),
    pollMs: env.SPILLWAY_SIGNER_POLL,
    checkMs: env.SPILLWAY_SIGNER_CHECK,
  };
}
