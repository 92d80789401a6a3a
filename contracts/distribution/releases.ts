import { z } from 'zod';
import { channelSchema, hostRangeSchema, pluginIdSchema, versionSchema } from '../plugin';
import { moment } from '../bounds';
import { subjectIdSchema } from '../identity/identities';

const sha256 = z
  .string()
  .max(64)
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
const revision = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Tenants that a signed rule names, each as SHA-256(salt : tenant key). */
const named = z.array(sha256).max(10_000);

/** A version as the signer states it. `withdrawn`: nobody may have it any more. */
const signedVersionSchema = z.strictObject({
  version: versionSchema,
  channel: channelSchema,
  state: z.enum(['listed', 'withdrawn']),
  /** The change of the feed that this says, so that a host sees which of the two is behind. */
  revision,
  at: moment,
  stage: z.number().int().min(0).max(1_000),
  rule: z.strictObject({
    salt: z.string().max(200),
    basisPoints: z.number().int().min(0).max(10_000),
    allow: named,
    deny: named,
  }),
  package: z.strictObject({ sha256, bytes: revision, manifestDigest: z.string().max(200) }),
  /** Hosts of other versions leave themselves out before they fetch anything. */
  requires: hostRangeSchema.optional(),
  previousVersion: versionSchema.nullable(),
});
export type SignedVersion = z.infer<typeof signedVersionSchema>;

/** Everything that is signed about one plugin: a target of the trust metadata, by the plugin's id. */
export const signedReleasesSchema = z.strictObject({
  pluginId: pluginIdSchema,
  publisherId: subjectIdSchema,
  /** Fingerprints of the publisher's keys that are not revoked: a package is signed with one of them. */
  keys: z
    .array(
      z
        .string()
        .max(64)
        .regex(/^[0-9A-F]{40,64}$/),
    )
    .max(1_000),
  versions: z.array(signedVersionSchema).max(2_000),
});
export type SignedReleases = z.infer<typeof signedReleasesSchema>;
