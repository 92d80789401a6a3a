import { z } from 'zod';
import { limits } from '../../core/limits';
import { pluginIdSchema, versionSchema } from '../../contracts/plugin';
import { Refusal, problem } from '../../core/errors/errors';

/** `POST /{prefix}/admin/plugins/install/url`; fields that only other hosts know are ignored. */
export const installByUrlSchema = z.looseObject({
  url: z.string().min(1).max(limits.url),
  sha256: z
    .string()
    .length(64)
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional(),
  pluginId: pluginIdSchema.optional(),
  version: versionSchema.optional(),
  // An installed version is always the active one, so `false` cannot be honoured.
  enable: z.literal(true, 'must be true: an installed version is the active one').optional(),
  /** Reinstalls a version that is active already. */
  force: z.boolean().default(false),
});

/** `POST /{prefix}/admin/plugins/{pluginId}/install`. */
export const chooseVersionSchema = z.looseObject({
  version: versionSchema,
  force: z.boolean().default(false),
});

export const jobQuerySchema = z.looseObject({ jobId: z.string().min(1).max(64) });

/** Parses at the edge. @throws Refusal with `code`, one problem for each thing that is wrong */
export function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: 'BODY_INVALID' | 'PARAMETER_INVALID' = 'BODY_INVALID',
): z.output<S> {
  const read = schema.safeParse(value ?? {});
  if (read.success) return read.data;
  throw new Refusal(
    read.error.issues.map(({ path, message }) =>
      problem(code, `${path.join('.') || 'The body'}: ${message}.`, `/${path.join('/')}`),
    ),
  );
}
