import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { textSetting } from '../platform/settings/text';
import { paths } from '../contracts/paths';
import { channelSchema, pluginIdSchema, versionSchema } from '../contracts/plugin';
import { limits } from '../core/limits';
import { Refusal, problem } from '../core/errors/errors';
import { flagSetting } from '../platform/settings/flag';
import { prefixSetting } from '../platform/settings/prefix';
import { processSettings, readProcessConfig } from '../platform/settings/process';
import { HOST_VERSION } from './hostVersion';

/** The longest a host may go without asking (16 minutes until all know, minus the rest of the way). */
const LONGEST_POLL_SECONDS = 900;

const LONGEST_RECONCILE_SECONDS = 3_600;
const DEFAULT_RECONCILE_SECONDS = 300;

/** Less free disk than this is said by `/readyz` before an installation fails for it. */
const DEFAULT_FREE_BYTES = 64 * 1024 * 1024;

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
    SPILLWAY_RECONCILE_SECONDS: z.coerce
      .number()
      .positive()
      .max(LONGEST_RECONCILE_SECONDS)
      .default(DEFAULT_RECONCILE_SECONDS),
    SPILLWAY_MIN_FREE_BYTES: z.coerce.number().int().min(0).max(limits.count).default(DEFAULT_FREE_BYTES),
    SPILLWAY_SUBSCRIPTIONS: list,
    SPILLWAY_TRUST_ROOT: textSetting().optional(),
    SPILLWAY_TRUST_URL: z
      .url({ protocol: /^https?$/ })
      .max(limits.setting)
      .optional(),
    SPILLWAY_TENANT_KEY: z
      .string()
      .max(32)
      .regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits')
      .optional(),
    SPILLWAY_TRUST_UNSIGNED: flagSetting(false),
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
  .superRefine((env, context) => {
    if (env.SPILLWAY_TRUST_UNSIGNED) return;
    for (const name of ['SPILLWAY_TRUST_ROOT', 'SPILLWAY_TENANT_KEY'] as const) {
      if (env[name] !== undefined) continue;
      const message = 'is needed, unless SPILLWAY_TRUST_UNSIGNED says that nothing shall be verified';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .transform((env) => ({
    process: readProcessConfig(env),
    marketplace: {
      apiUrl: env.SPILLWAY_API_URL,
      token: env.SPILLWAY_TENANT_TOKEN,
      tenantPrefix: env.SPILLWAY_TENANT_PREFIX,
    },
    tenantId: env.SPILLWAY_TENANT_ID,
    trust: readTrustSettings(env),
    folder: env.SPILLWAY_HOST_DIR,
    admin: { token: env.SPILLWAY_HOST_ADMIN_TOKEN, prefix: env.SPILLWAY_ADMIN_PREFIX },
    bubblewrap: env.SPILLWAY_BUBBLEWRAP,
    hostVersion: env.SPILLWAY_HOST_VERSION,
    pollSeconds: env.SPILLWAY_POLL_SECONDS,
    reconcileSeconds: env.SPILLWAY_RECONCILE_SECONDS,
    minFreeBytes: env.SPILLWAY_MIN_FREE_BYTES,
    subscriptions: readSubscriptions(env.SPILLWAY_SUBSCRIPTIONS),
    channel: env.SPILLWAY_CHANNEL,
    autoUpgrade: env.SPILLWAY_AUTO_UPGRADE,
    // The marketplace itself may well be on a private network.
    allowedOrigins: new Set([new URL(env.SPILLWAY_API_URL).origin, ...env.SPILLWAY_ALLOWED_ORIGINS]),
    maxPackageBytes: env.SPILLWAY_MAX_PACKAGE_BYTES,
  }));

/** How long one file of metadata may take. */
const METADATA_DEADLINE_MS = 30_000;

/** What the host verifies the marketplace's statements by; undefined where it was told not to. */
function readTrustSettings(env: {
  SPILLWAY_TRUST_UNSIGNED: boolean;
  SPILLWAY_TRUST_ROOT?: string | undefined;
  SPILLWAY_TRUST_URL?: string | undefined;
  SPILLWAY_TENANT_KEY?: string | undefined;
  SPILLWAY_API_URL: string;
}) {
  const { SPILLWAY_TRUST_ROOT: file, SPILLWAY_TENANT_KEY: tenantKey, SPILLWAY_API_URL: apiUrl } = env;
  if (env.SPILLWAY_TRUST_UNSIGNED || file === undefined || tenantKey === undefined) return undefined;
  return {
    pinnedRoot: readFileSync(file, 'utf8'),
    url: env.SPILLWAY_TRUST_URL ?? `${apiUrl.replace(/\/+$/, '')}${paths.trust}`,
    tenantKey,
    deadlineMs: METADATA_DEADLINE_MS,
  };
}

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
