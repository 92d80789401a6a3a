import { z } from 'zod';
import { textSetting } from '../platform/settings/text';
import { channelSchema, pluginIdSchema, versionSchema } from '../contracts/plugin';
import { limits } from '../core/limits';
import { Refusal, problem } from '../core/errors/errors';
import { flagSetting } from '../platform/settings/flag';
import { prefixSetting } from '../platform/settings/prefix';
import { processSettings, readProcessConfig } from '../platform/settings/process';
import { HOST_VERSION } from './hostVersion';

/** The longest a host may go without asking (16 minutes until all know, minus the rest of the way). */
const LONGEST_POLL_SECONDS = 900;

const list = z
  .string()
  .max(limits.text)
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  );

const origins = list.pipe(
  z
    .array(
      z
        .url({ protocol: /^https?$/ })
        .max(limits.setting)
        .transform((text) => new URL(text).origin),
    )
    .max(limits.details),
);

const environmentSchema = z
  .object({
    ...processSettings,
    SPILLWAY_API_URL: z.url({ protocol: /^https?$/ }).max(limits.setting),
    SPILLWAY_TENANT_ID: textSetting(),
    SPILLWAY_TENANT_TOKEN: textSetting(),
    SPILLWAY_TENANT_PREFIX: prefixSetting('/api/v1'),
    SPILLWAY_HOST_DIR: textSetting(),
    SPILLWAY_HOST_ADMIN_TOKEN: textSetting().min(16),
    SPILLWAY_ADMIN_PREFIX: prefixSetting('/api/v1'),
    SPILLWAY_BUBBLEWRAP: textSetting().optional(),
    SPILLWAY_HOST_VERSION: versionSchema.default(HOST_VERSION),
    SPILLWAY_POLL_SECONDS: z.coerce
      .number()
      .positive()
      .max(LONGEST_POLL_SECONDS)
      .default(LONGEST_POLL_SECONDS),
    SPILLWAY_SUBSCRIPTIONS: list,
    SPILLWAY_CHANNEL: channelSchema.default('stable'),
    SPILLWAY_AUTO_UPGRADE: flagSetting(true),
    SPILLWAY_ALLOWED_ORIGINS: origins,
    SPILLWAY_MAX_PACKAGE_BYTES: z.coerce
      .number()
      .int()
      .positive()
      .max(limits.packageBytes)
      .default(limits.packageBytes),
  })
  .transform((env) => ({
    process: readProcessConfig(env),
    marketplace: {
      apiUrl: env.SPILLWAY_API_URL,
      token: env.SPILLWAY_TENANT_TOKEN,
      tenantPrefix: env.SPILLWAY_TENANT_PREFIX,
    },
    tenantId: env.SPILLWAY_TENANT_ID,
    folder: env.SPILLWAY_HOST_DIR,
    admin: { token: env.SPILLWAY_HOST_ADMIN_TOKEN, prefix: env.SPILLWAY_ADMIN_PREFIX },
    bubblewrap: env.SPILLWAY_BUBBLEWRAP,
    hostVersion: env.SPILLWAY_HOST_VERSION,
    pollSeconds: env.SPILLWAY_POLL_SECONDS,
    subscriptions: readSubscriptions(env.SPILLWAY_SUBSCRIPTIONS),
    channel: env.SPILLWAY_CHANNEL,
    autoUpgrade: env.SPILLWAY_AUTO_UPGRADE,
    // The marketplace itself may well be on a private network.
    allowedOrigins: new Set([new URL(env.SPILLWAY_API_URL).origin, ...env.SPILLWAY_ALLOWED_ORIGINS]),
    maxPackageBytes: env.SPILLWAY_MAX_PACKAGE_BYTES,
  }));

/** Nothing named, or `*`: every plugin. */
function readSubscriptions(names: readonly string[]): 'all' | string[] {
  if (names.length === 0 || names.includes('*')) return 'all';
  return names.map((name) => pluginIdSchema.parse(name));
}

export type HostConfig = z.output<typeof environmentSchema>;

/** The host's settings, read once. @throws Refusal with SETTING_MISSING naming every bad variable */
export function readConfig(environment: Record<string, string | undefined>): HostConfig {
  const read = environmentSchema.safeParse(environment);
  if (read.success) return read.data;
  throw new Refusal(
    read.error.issues.map(({ path, message }) =>
      problem('SETTING_MISSING', `${path.join('.')}: ${message}.`, `/${path.join('/')}`),
    ),
  );
}
