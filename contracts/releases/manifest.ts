import { z } from 'zod';
import { listPathFaults } from '../../core/entryPaths';
import { normalisePermissions } from '../../core/releases/permissions';
import { pluginIdSchema, versionSchema } from '../plugin';

/** Three shapes are in use (text list, `{resource, actions}`, map); all become `domain.resource.action`. */
const permissionsSchema = z
  .union([
    z.array(z.union([z.string(), z.object({ resource: z.string(), actions: z.array(z.string()) })])),
    z.record(z.string(), z.unknown()),
  ])
  .transform((value) => normalisePermissions(value));

/** A file of the package, by the one rule for names of files. */
const relativeFile = z
  .string()
  .min(1)
  .superRefine((file, context) => {
    for (const fault of listPathFaults(file)) context.addIssue({ code: 'custom', message: fault });
  });

/**
 * How a host tells whether the plugin works: a script of the package that a child process runs
 * after each switch. Exit status 0 within `timeoutSeconds` is healthy, anything else is not.
 */
const healthSchema = z.looseObject({
  script: relativeFile,
  timeoutSeconds: z.number().int().min(1).max(120).default(15),
});

const runtimeSchema = z.looseObject({
  kind: z.enum(['process', 'library']).default('process'),
  entry: relativeFile,
  health: healthSchema.optional(),
});

/** Keys of the PowerX specification; any other key must begin with `x-`. */
const KNOWN = new Set([
  ...['id', 'name', 'version', 'description', 'corex_version', 'security_baseline_version', 'data_usage'],
  ...['runtime', 'backend', 'endpoints', 'frontend', 'routes', 'rbac', 'permissions', 'events', 'agents'],
  ...['capabilities', 'tools', 'workflows', 'dependencies', 'migrations', 'assets', 'checksums', 'signature'],
  ...['metadata', 'catalogs', 'channel', 'categories', 'min_core', 'max_core', 'frontends', 'contracts'],
  ...['config_schema', 'secrets', 'lifecycle', 'build', 'author', 'license', 'category', 'icon', 'homepage'],
]);

/** manifest.json, and the same fields of plugin.yaml (requirement C33). */
export const manifestSchema = z
  .looseObject({
    id: pluginIdSchema,
    name: z.string().min(1).max(100),
    version: versionSchema,
    description: z.string().max(2000).default(''),
    permissions: permissionsSchema,
    runtime: runtimeSchema,
    min_core: versionSchema.optional(),
    max_core: versionSchema.optional(),
    license: z.string().max(200).optional(),
    author: z.string().max(200).optional(),
    homepage: z.string().max(500).optional(),
  })
  .superRefine((manifest, context) => {
    for (const key of Object.keys(manifest)) {
      if (KNOWN.has(key) || key.startsWith('x-')) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'is not a known key; own keys begin with "x-"',
      });
    }
  });

export type Manifest = z.infer<typeof manifestSchema>;
