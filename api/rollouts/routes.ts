import type { Knex } from 'knex';
import type { ReleaseRecord } from '../../adapters/db/releases/record';
import { findWithholding } from '../../adapters/db/releases/restrictions';
import { findOffer } from '../../adapters/db/rollouts/offers';
import { paths, tenantPaths } from '../../contracts/paths';
import { rolloutActionReplySchema } from '../../contracts/rollouts/control';
import { rolloutStatusSchema } from '../../contracts/rollouts/status';
import { refusal } from '../../core/errors/errors';
import { parseVersionId } from '../../core/ids';
import { describeRestriction } from '../../core/releases/restrictions';
import { rolloutActions, type RolloutAction } from '../../core/rollouts/commands';
import type { ReleaseState } from '../../core/releases/state';
import type { RouteDependencies } from '../http/dependencies';
import { byVersionId } from '../http/parameters';
import { documented, reply, route, type Route } from '../http/route';
import { findVisibleRelease } from '../releases/access';
import { feedRoute } from './feed';
import { rolloutStatus } from './status';
import { sendRolloutAction } from './workflow';

/** Operators control rollouts; tenants read what is offered to them. */
export const rolloutRoutes = (deps: RouteDependencies): Route[] => [
  ...rolloutActions.map((action) => controlRoute(deps, action)),
  feedRoute(deps),
  statusRoute(deps),
];

const controlPaths: Record<RolloutAction, string> = {
  pause: paths.pauseRollout,
  resume: paths.resumeRollout,
  abort: paths.abortRollout,
};

const controlRoute = (deps: RouteDependencies, action: RolloutAction): Route =>
  route({
    method: 'post',
    path: controlPaths[action],
    access: 'rollout:steer',
    summary: `Asks a running rollout to ${action}; the timeline says when it has.`,
    params: byVersionId,
    replies: { 202: documented('Asked', rolloutActionReplySchema) },
    refusals: [
      'ROLLOUT_NOT_ACTIVE',
      'RELEASE_NOT_FOUND',
      ...(action === 'resume' ? ['VERSION_RESTRICTED' as const] : []),
    ],
    async handle({ params: { versionId }, subject, origin, inName }) {
      const release = await findVisibleRelease(deps, subject, versionId);
      if (action === 'resume') await refuseWithheld(deps.db, release);
      const sent =
        isRolling(release.state) && (await sendRolloutAction(deps, release, action, { origin, inName }));
      if (!sent) throw refusal('ROLLOUT_NOT_ACTIVE', `No rollout of ${versionId} is running.`);
      return reply(202, { versionId, action });
    },
  });

/** While nobody is offered the version, its stages would pass without evidence. */
async function refuseWithheld(db: Knex, release: ReleaseRecord): Promise<void> {
  const restriction = await findWithholding(db, release);
  if (restriction) throw refusal('VERSION_RESTRICTED', describeRestriction(restriction));
}

/** Whether a rollout's own workflow is running, or about to. */
const isRolling = (state: ReleaseState): boolean => state === 'rolling_out' || state === 'paused';

/** Answered from the database alone, so that hosts go on while the workflow engine is away. */
const statusRoute = ({ db, settings }: RouteDependencies): Route =>
  route({
    method: 'get',
    path: `${settings.tenantPrefix}${tenantPaths.rollout}`,
    access: 'tenant',
    summary: 'Whether a version is available to the tenant, and if not, when that may change.',
    params: byVersionId,
    replies: { 200: documented('Whether it is available', rolloutStatusSchema) },
    async handle({ params, subject }) {
      const { pluginId = '', version = '' } = parseVersionId(params.versionId) ?? {};
      return reply(200, rolloutStatus(await findOffer(db, subject.id, pluginId, version)));
    },
  });
