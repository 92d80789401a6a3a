import path from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import { textSetting } from '../platform/settings/text';
import { limits } from '../core/limits';
import { Refusal, problem } from '../core/errors/errors';
import { readNetwork, type NetworkConfig } from './network';
import { settings } from './settings';

/** Everything that the environment says, as one value; see docs/cli.md for each name. */
export interface CliConfig {
  apiUrl: string | undefined;
  token: string | undefined;
  signing: { profile: string; home: string; passphrase: string | undefined };
  /** Replaces the origin of part URLs. */
  objectsEndpoint: string | undefined;
  network: NetworkConfig;
  /** Fetched packages, shared by all plugin folders. */
  cacheDir: string;
  /** Where a stack on this machine keeps its state; read by `doctor`. */
  stateDir: string;
}

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .max(limits.setting);
/** Becomes a folder name, so it may not lead anywhere else. */
export const profileNameSchema = z
  .string()
  .max(limits.subjectId)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, "-" or "_"');

const envSchema = z.object({
  [settings.apiUrl]: httpUrl.optional(),
  [settings.token]: textSetting()
    .regex(/^[\x21-\x7e]+$/, 'has blanks or characters that no token has')
    .optional(),
  [settings.profile]: profileNameSchema.default('default'),
  [settings.signingHome]: textSetting().optional(),
  [settings.passphrase]: textSetting().optional(),
  [settings.objectsEndpoint]: httpUrl.optional(),
  [settings.cacheDir]: textSetting().optional(),
  [settings.stateDir]: textSetting().optional(),
});

/**
 * Parses the environment; a variable that is set to nothing counts as not set.
 *
 * @throws Refusal with SETTING_INVALID for every variable that is wrong, naming it and never its value
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  places: { cwd: string; home: string },
): CliConfig {
  const given = Object.fromEntries(
    Object.entries(env)
      // What a file or a shell added behind a value is no part of it; a passphrase may end in a blank.
      .map(([name, value]) => [name, name === settings.passphrase ? value : value?.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  const parsed = envSchema.safeParse(given);
  if (!parsed.success) {
    throw new Refusal(
      parsed.error.issues.map(({ path: [name], message }) =>
        problem('SETTING_INVALID', `${String(name)} ${message}.`, String(name)),
      ),
    );
  }
  const values = parsed.data;
  const folders = envPaths('px-plugin', { suffix: '' });
  return {
    apiUrl: values[settings.apiUrl],
    token: values[settings.token],
    signing: {
      profile: values[settings.profile],
      home: values[settings.signingHome] ?? path.join(folders.config, 'signing'),
      passphrase: values[settings.passphrase],
    },
    objectsEndpoint: values[settings.objectsEndpoint],
    network: readNetwork(given),
    cacheDir: values[settings.cacheDir] ?? folders.cache,
    stateDir: path.resolve(places.cwd, values[settings.stateDir] ?? path.join(places.home, '.spillway')),
  };
}
