import { z } from 'zod';
import { textSetting, urlSetting } from '../platform/settings/text';
import { durationSetting } from '../platform/settings/duration';
import { prefixSetting } from '../platform/settings/prefix';
import {
  readProcessConfig,
  processSettings,
  readSettings,
  type ProcessConfig,
} from '../platform/settings/process';
import { readObjectStoreConfig, objectsSettings } from '../adapters/settings/objects';
import { readTemporalConfig, temporalSettings } from '../adapters/settings/temporal';
import type { TemporalConfig } from '../adapters/temporal/config';
import type { ObjectStoreConfig } from '../adapters/objects/create';
import { HOUR, MINUTE, SECOND } from '../core/duration';
import { limits } from '../core/limits';

/** IP addresses and networks in CIDR notation with commas between them; none when nothing is said. */
const addressesSetting = () =>
  z
    .string()
    .max(limits.setting)
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    )
    .pipe(
      z
        .array(
          z.union([
            z.ipv4().max(limits.line),
            z.ipv6().max(limits.line),
            z.cidrv4().max(limits.line),
            z.cidrv6().max(limits.line),
          ]),
        )
        .max(100),
    );

const schema = z.object({
  ...processSettings,
  DATABASE_URL: urlSetting(),
  ...temporalSettings,
  ...objectsSettings,
  TEMPORAL_UI_URL: urlSetting().optional(),
  SPILLWAY_WEB_DIR: textSetting().optional(),
  SPILLWAY_TENANT_PREFIX: prefixSetting('/api/v1'),
  SPILLWAY_UPLOAD_URL_LIFETIME: durationSetting(HOUR),
  SPILLWAY_DOWNLOAD_URL_LIFETIME: durationSetting(15 * MINUTE),
  SPILLWAY_FEED_POLL_IDLE: durationSetting(MINUTE),
  SPILLWAY_FEED_POLL_ACTIVE: durationSetting(10 * SECOND),
  SPILLWAY_PUBLISH_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(300),
  SPILLWAY_WRITES_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(600),
  SPILLWAY_ANONYMOUS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(3_000),
  SPILLWAY_TRUSTED_PROXIES: addressesSetting(),
  SPILLWAY_REVIEW_DOWNLOADS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(60),
  SPILLWAY_WORKFLOW_TIMEOUT: durationSetting(20 * SECOND),
});
type Settings = z.infer<typeof schema>;

/** Hosts ask at least this often, whatever is set: 99 % know of a change within 16 minutes. */
const LONGEST_POLL_SECONDS = 900;

/** What the routes need to know; no credential is in it. */
export interface ApiSettings {
  tenantPrefix: string;
  temporalUi: string | null;
  /** Milliseconds that signed URLs hold. */
  uploadUrlLifetimeMs: number;
  downloadUrlLifetimeMs: number;
  /** Seconds after which a host asks the feed again. */
  pollSeconds: { idle: number; active: number };
  /** Calls of one subject. */
  publishPerMinute: number;
  writesPerMinute: number;
  packagesPerMinute: number;
  /** Calls of one address without a valid token, at one process. */
  anonymousPerMinute: number;
  /** Addresses and networks of proxies, which say where a call comes from. */
  trustedProxies: readonly string[];
  /** The folder of the built web application, when it is served here. */
  webDir: string | undefined;
  /** How long a reply waits for the workflow engine, in milliseconds. */
  workflowTimeoutMs: number;
}

export interface ApiConfig extends ProcessConfig {
  databaseUrl: string;
  temporal: TemporalConfig;
  objects: ObjectStoreConfig;
  settings: ApiSettings;
}

/** Reads the settings from an environment; throws with the names (never the values) of bad ones. */
export function apiConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  const env = readSettings(schema, environment, 'the API');
  return {
    ...readProcessConfig(env),
    databaseUrl: env.DATABASE_URL,
    temporal: readTemporalConfig(env),
    objects: readObjectStoreConfig(env),
    settings: toApiSettings(env),
  };
}

function toApiSettings(env: Settings): ApiSettings {
  const seconds = (ms: number) => Math.min(ms / SECOND, LONGEST_POLL_SECONDS);
  return {
    tenantPrefix: env.SPILLWAY_TENANT_PREFIX,
    temporalUi: env.TEMPORAL_UI_URL ?? null,
    uploadUrlLifetimeMs: env.SPILLWAY_UPLOAD_URL_LIFETIME,
    downloadUrlLifetimeMs: env.SPILLWAY_DOWNLOAD_URL_LIFETIME,
    pollSeconds: {
      idle: seconds(env.SPILLWAY_FEED_POLL_IDLE),
      active: seconds(env.SPILLWAY_FEED_POLL_ACTIVE),
    },
    publishPerMinute: env.SPILLWAY_PUBLISH_PER_MINUTE,
    writesPerMinute: env.SPILLWAY_WRITES_PER_MINUTE,
    packagesPerMinute: env.SPILLWAY_REVIEW_DOWNLOADS_PER_MINUTE,
    anonymousPerMinute: env.SPILLWAY_ANONYMOUS_PER_MINUTE,
    trustedProxies: env.SPILLWAY_TRUSTED_PROXIES,
    webDir: env.SPILLWAY_WEB_DIR,
    workflowTimeoutMs: env.SPILLWAY_WORKFLOW_TIMEOUT,
  };
}
