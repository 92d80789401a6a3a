import { z } from 'zod';
import { limits } from '../core/limits';
import { isVersion, suggestVersion } from '../core/version';

/** Plugin ids follow pxp-schema: lower case letters, digits, `-`, `_` and `.`; never an `@` or `/`. */
export const pluginIdSchema = z
  .string()
  .min(3)
  .max(limits.pluginId)
  .regex(/^[a-z0-9](?:[a-z0-9-_.]*[a-z0-9])?$/, 'must be lower case letters, digits, "-", "_" or "."');

export const versionSchema = z
  .string()
  .max(limits.version)
  .refine(isVersion, {
    error: ({ input }) => {
      const right = typeof input === 'string' ? suggestVersion(input) : undefined;
      return `must be a SemVer 2.0.0 version such as ${right ?? '1.4.0'}`;
    },
  });

/** The versions of the host that a version works with, both inclusive; missing: any. */
export const hostRangeSchema = z.strictObject({
  min_core: versionSchema.optional(),
  max_core: versionSchema.optional(),
});
export type HostRange = z.infer<typeof hostRangeSchema>;

export const channels = ['stable', 'beta'] as const;
export const channelSchema = z.enum(channels);
export type Channel = z.infer<typeof channelSchema>;
