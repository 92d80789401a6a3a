import { recordGrant } from '../../adapters/db/installations/grants';
import { findOffer, type Offer } from '../../adapters/db/rollouts/offers';
import { tenantPaths } from '../../contracts/paths';
import { formatVersionId } from '../../core/ids';
import { problem, Refusal, refusal } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { byPluginVersion } from '../http/parameters';
import { documented, reply, route, type Route } from '../http/route';

/** What a tenant waits at least when nobody knows when the next stage begins. */
const UNKNOWN_WAIT_SECONDS = 300;

/**
 * Sends a tenant to the package of a version that it is offered; the bytes come from the object store. That it was sent
 * there is kept, because only reports of tenants that were handed the package count.
 */
export const downloadRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'get',
    path: `${deps.settings.tenantPrefix}${tenantPaths.download}`,
    access: 'tenant',
    summary: 'The package of a version that the tenant is offered, at a signed address of the object store.',
    params: byPluginVersion,
    replies: { 302: documented('Location: the signed address; X-Package-Sha256: the digest of the package') },
    refusals: ['NOT_IN_STAGE', 'VERSION_WITHDRAWN', 'VERSION_RESTRICTED', 'NOT_FOUND'],
    async handle({ params: { pluginId, version }, subject }) {
      const offer = await findOffer(deps.db, subject.id, pluginId, version);
      const granted = offer.package;
      if (!granted) throw refuseDownload(offer, `${pluginId} ${version}`, deps.now());
      const expiresAt = new Date(deps.now().getTime() + deps.settings.downloadUrlLifetimeMs);
      const downloadName = `${pluginId}-${version}.pxp`;
      // Before the address is given away: who has it may report, and only then does the report count.
      const { sha256: packageSha256, stage } = granted;
      const grant = { versionId: formatVersionId(pluginId, version), packageSha256, stage };
      await recordGrant(deps.db, subject.id, grant, deps.now());
      const { url } = await deps.objects.signGet({ key: granted.key, expiresAt, downloadName });
      // The address is a credential of this tenant: no cache between may keep it.
      return reply(302, undefined, {
        Location: url,
        'X-Package-Sha256': granted.sha256,
        'Cache-Control': 'no-store',
      });
    },
  });

function refuseDownload({ standing, rollout }: Offer, name: string, now: Date): Refusal {
  if (standing === 'none') return refusal('NOT_FOUND', `There is no listed version ${name}.`);
  if (standing === 'withheld')
    return refusal('VERSION_RESTRICTED', `${name} is withheld by the marketplace.`);
  if (standing === 'withdrawn') return refusal('VERSION_WITHDRAWN', `${name} was withdrawn.`);
  const ends = rollout?.stageEndsAt;
  const seconds = ends
    ? Math.max(1, Math.ceil((ends.getTime() - now.getTime()) / 1000))
    : UNKNOWN_WAIT_SECONDS;
  const detail = `${name} is not offered to this tenant in the current rollout stage.`;
  return new Refusal([problem('NOT_IN_STAGE', detail)], { cause: { retryAfterSeconds: seconds } });
}
