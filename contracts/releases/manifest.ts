import { z } from 'zod';
import { limits } from '../../core/limits';
import { lineText, recordOf } from '../bounds';
import { MAX_PATH_BYTES, listPathFaults } from '../../core/entryPaths';
import { normalisePermissions } from '../../core/releases/permissions';
import { pluginIdSchema, versionSchema } from '../plugin';

/** Three shapes are in use (text list, `{resource, actions}`, map); all become `domain.resource.action`. */
const permissionsSchema = z
  .union([
    z
      .array(
        z.union([
          lineText,
          z.object({ resource: lineText, actions: z.array(lineText).max(limits.permissions) }),
        ]),
      )
      .max(limits.permissions),
    recordOf(lineText, z.unknown(), limits.permissions),
  ])
  .transform((value) => normalisePermissions(value))
  .refine(
    (names) => names.length <= limits.permissions && names.every((name) => name.length <= limits.line),
    `must be at most ${limits.permissions} permissions of at most ${limits.line} characters`,
  );

/** A file of the package, by the one rule for names of files. */
const relativeFile = z
  .string()
  .min(1)
  .max(MAX_PATH_BYTES)
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
  /** Why the generated check does not load the entry: what only its host has. */
  notLoaded: lineText.optional(),
});

const runtimeSchema = z.looseObject({
  kind: z.enum(['process', 'library']).default('process'),
  entry: relativeFile,
  health: healthSchema.optional(),
  /** Packages that the host has and the plugin loads: names, `@scope/*` for all of a scope. */
  provided: z.array(lineText).max(limits.providedPackages).optional(),
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
    license: z.string().max(limits.line).optional(),
    author: z.string().max(limits.line).optional(),
    homepage: z.string().max(limits.sentences).optional(),
  })
  .superRefine((manifest, context) => {
    // Own keys may hold anything, and depth is limited where bodies and files are read.
    if (JSON.stringify(manifest).length > limits.manifest) {
      context.addIssue({ code: 'custom', message: `must have at most ${limits.manifest} characters` });
    }
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
