import { z } from 'zod';
import {
  findRestrictedPublisher,
  findRestriction,
  listRestrictions,
  viewRestriction,
  type Restriction,
} from '../../adapters/db/releases/restrictions';
import { listRunningRollouts } from '../../adapters/db/rollouts/rollouts';
import {
  answerAppeal,
  appealRestriction,
  imposeRestriction,
  liftRestriction,
} from '../../adapters/db/rollouts/restricting';
import { inPublisher } from '../../adapters/db/transaction';
import {
  answerInputSchema,
  appealInputSchema,
  liftInputSchema,
  restrictionInputSchema,
  restrictionPageSchema,
  restrictionQuerySchema,
  restrictionSchema,
} from '../../contracts/releases/restrictions';
import { paths } from '../../contracts/paths';
import { visiblePublisher, type Subject } from '../../core/access';
import { refusal, refuseIfAny } from '../../core/errors/errors';
import {
  checkAnswer,
  checkAppeal,
  checkLift,
  checkRestriction,
  isWithholding,
} from '../../core/releases/restrictions';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';
import { pauseWithheld } from '../rollouts/workflow';

/** What is withheld from tenants: operators impose and lift, publishers read their own and appeal. */
export const restrictionRoutes = (deps: RouteDependencies): Route[] => [
  imposeRoute(deps),
  listRoute(deps),
  liftRoute(deps),
  appealRoute(deps),
  answerRoute(deps),
];

const byRestrictionId = z.object({ restrictionId: z.uuid() });
const documentedRestriction = documented('The restriction', restrictionSchema);

const imposeRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.restrictions,
    access: 'admin',
    summary: 'Withholds a version, or all of a plugin, publisher or key; running rollouts of it are paused.',
    body: restrictionInputSchema,
    replies: { 201: documentedRestriction },
    refusals: ['RESTRICTION_INVALID', 'NOT_FOUND'],
    async handle({ body, origin, inName }) {
      const expiresAt = body.expiresAt ? new Date(body.expiresAt) : null;
      refuseIfAny(checkRestriction({ ...body, expiresAt }, deps.now()));
      const publisherId = await findRestrictedPublisher(deps.db, body);
      if (!publisherId)
        throw refusal('NOT_FOUND', `There is no ${body.subjectKind} ${body.subjectId}.`, '/subjectId');
      const imposed = { ...body, publisherId, expiresAt, cause: 'decision' as const };
      const restriction = await imposeRestriction(deps.db, imposed, origin, deps.now());
      // A rollout that goes on while nobody is offered the version would pass its stages without evidence.
      if (isWithholding(restriction)) {
        await pauseWithheld(deps, listRunningRollouts(deps.db, restriction), { origin, inName });
      }
      return reply(201, viewRestriction(restriction));
    },
  });

const listRoute = ({ db }: RouteDependencies): Route =>
  route({
    method: 'get',
    path: paths.restrictions,
    access: 'release:read',
    summary: 'Restrictions, newest first: all of them to operators and reviewers, its own to a publisher.',
    query: restrictionQuerySchema,
    replies: { 200: documented('A page of restrictions', restrictionPageSchema) },
    async handle({ query: { show, ...page }, subject }) {
      const publisherId = visiblePublisher(subject);
      const { rows, next } =
        publisherId === undefined
          ? await listRestrictions(db, { show }, page)
          : await inPublisher(db, publisherId, (trx) => listRestrictions(trx, { show }, page));
      return reply(200, { restrictions: rows.map(viewRestriction), next });
    },
  });

const liftRoute = ({ db, now }: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.liftRestriction,
    access: 'admin',
    summary:
      'Ends a restriction; hosts learn it from the feed, and a rollout that was paused waits to be resumed.',
    params: byRestrictionId,
    body: liftInputSchema,
    replies: { 200: documentedRestriction },
    refusals: ['RESTRICTION_UNKNOWN', 'RESTRICTION_OVER', 'RESTRICTION_LASTS'],
    async handle({ params: { restrictionId }, body: { reason }, subject, origin, inName }) {
      refuseIfAny(checkLift(await findVisible(db, subject, restrictionId)));
      const lifted = await inName((trx) => liftRestriction(trx, restrictionId, { reason, origin }, now()));
      if (!lifted) throw refusal('RESTRICTION_OVER', 'The restriction was lifted or has ended.');
      return reply(200, viewRestriction(lifted));
    },
  });

const appealRoute = ({ db, now }: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.appealRestriction,
    access: 'plugin:publish',
    summary: 'A publisher says why a restriction should be lifted; the operators are told, once.',
    params: byRestrictionId,
    body: appealInputSchema,
    replies: { 202: documentedRestriction },
    refusals: ['RESTRICTION_UNKNOWN', 'RESTRICTION_OVER', 'RESTRICTION_LASTS', 'APPEAL_GIVEN'],
    async handle({ params: { restrictionId }, body: { appeal }, subject, origin }) {
      const restriction = await findVisible(db, subject, restrictionId);
      refuseIfAny(checkAppeal(restriction));
      const isKept = await appealRestriction(db, restriction, { appeal, origin }, now());
      if (!isKept) throw refusal('APPEAL_GIVEN', 'An appeal against the restriction is on record.');
      return reply(202, viewRestriction((await findRestriction(db, restrictionId))!));
    },
  });

const answerRoute = ({ db, now }: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.answerAppeal,
    access: 'admin',
    summary: 'An operator answers an appeal without lifting the restriction; the publisher is told, once.',
    params: byRestrictionId,
    body: answerInputSchema,
    replies: { 200: documentedRestriction },
    refusals: ['RESTRICTION_UNKNOWN', 'RESTRICTION_OVER', 'APPEAL_UNKNOWN'],
    async handle({ params: { restrictionId }, body: { answer }, subject, origin, inName }) {
      refuseIfAny(checkAnswer(await findVisible(db, subject, restrictionId)));
      const answered = await inName((trx) => answerAppeal(trx, restrictionId, { answer, origin }, now()));
      if (!answered) throw refusal('APPEAL_UNKNOWN', 'Somebody else answered the appeal just now.');
      return reply(200, viewRestriction(answered));
    },
  });

/** Somebody else's restriction is no different from one that does not exist. */
async function findVisible(db: RouteDependencies['db'], subject: Subject, id: string): Promise<Restriction> {
  const publisherId = visiblePublisher(subject);
  const found =
    publisherId === undefined
      ? await findRestriction(db, id)
      : await inPublisher(db, publisherId, (trx) => findRestriction(trx, id));
  if (found) return found;
  throw refusal('RESTRICTION_UNKNOWN', `There is no restriction ${id}.`);
}
