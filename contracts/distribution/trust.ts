import { z } from 'zod';
import { limits } from '../../core/limits';

/** Metadata by their file names: the timestamp, or a version of another role. */
export const metadataFileSchema = z.object({
  file: z
    .string()
    .max(limits.line)
    .regex(
      /^(?:timestamp|\d{1,16}\.[a-z0-9][a-z0-9-_.]*)\.json$/,
      'must be timestamp.json or <version>.<role>.json',
    ),
});

/** A statement by its digest and its plugin. */
export const targetFileSchema = z.object({
  file: z
    .string()
    .max(limits.line)
    .regex(/^[0-9a-f]{64}\.[a-z0-9][a-z0-9-_.]*$/, 'must be <SHA-256>.<plugin id>'),
});

/** By which signed rules name a tenant: 32 hex digits that nobody else is told. */
export const trustKeySchema = z.object({
  tenantKey: z
    .string()
    .max(32)
    .regex(/^[0-9a-f]{32}$/),
});
