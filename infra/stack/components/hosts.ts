import { randomBytes } from 'node:crypto';
import { DEFAULT_TENANT_PREFIX } from '../../../contracts/paths';
import type { ComponentSpec } from '../component';
import { inState, buildUrl, type StackContext } from '../context';
import { ensureIdentities, readTenantKeys } from '../identities';
import { programComponent } from './program';
import { pinnedRoot } from './trust';

/** Tenants, a reviewer and a publisher, made through the API like everybody's; their tokens are kept in the state folder. */
export function identitiesComponent(context: StackContext): ComponentSpec {
  return {
    kind: 'task',
    name: 'identities',
    title: 'Tenants, reviewer and publisher',
    dependsOn: ['api'],
    run: async () => {
      const { config, secrets } = context;
      for (const tenant of config.tenants) {
        secrets.hostAdminTokens[tenant] ??= randomBytes(32).toString('base64url');
      }
      const made = await ensureIdentities(buildUrl(context, 'api'), secrets, config.tenants);
      const prefix = config.inherited.SPILLWAY_TENANT_PREFIX ?? DEFAULT_TENANT_PREFIX;
      const tenantUrl = `${buildUrl(context, 'api')}${prefix}`;
      secrets.tenantKeys = await readTenantKeys(tenantUrl, secrets, config.tenants);
      context.keepSecrets();
      return { origin: made === 0 ? 'kept from an earlier start' : `${made} made through the API` };
    },
  };
}

/** One host for each tenant: a real process with a data folder, a port and a key of its own. */
export function hostComponents(context: StackContext): ComponentSpec[] {
  const { config, secrets, entries } = context;
  return config.tenants.map((tenant) =>
    programComponent(context, {
      name: `host-${tenant}`,
      title: `Host of ${tenant}`,
      entry: entries.host,
      dependsOn: ['identities', 'signer'],
      env: () => ({
        SPILLWAY_API_URL: buildUrl(context, 'api'),
        SPILLWAY_TENANT_ID: tenant,
        SPILLWAY_TENANT_TOKEN: secrets.tenantTokens[tenant],
        SPILLWAY_HOST_DIR: inState(context, 'hosts', tenant),
        SPILLWAY_HOST_ADMIN_TOKEN: secrets.hostAdminTokens[tenant],
        SPILLWAY_TENANT_KEY: secrets.tenantKeys[tenant],
        SPILLWAY_TRUST_ROOT: pinnedRoot(context),
        SPILLWAY_POLL_SECONDS: String(config.pollSeconds),
        SPILLWAY_ALLOWED_ORIGINS: allowedOrigins(context).join(','),
      }),
    }),
  );
}

/** A host refuses private addresses; the API and the object store of an embedded stack have no others. */
function allowedOrigins(context: StackContext): string[] {
  const names =
    context.config.objectsDriver === 'filesystem' ? (['api', 'objects'] as const) : (['api'] as const);
  return names.map((name) => buildUrl(context, name));
}
