import { publishRequestSchema, receiptSchema, uploadPlanSchema } from '../../contracts/releases/publish';
import { finaliseReplySchema, withdrawSchema } from '../../contracts/releases/release';
import { paths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { byVersionId } from '../http/parameters';
import { documented, reply, route, type Route } from '../http/route';
import { findVisibleRelease } from './access';
import { publish } from './publish';
import { readRoutes } from './reads';
import { timelineRoutes } from './timelines';
import { abortUpload, finaliseUpload, readUploadPlan } from './uploads';
import { withdrawRelease } from './withdraw';

/** Publishing a version, and what may be read of releases. */
export const releaseRoutes = (deps: RouteDependencies): Route[] => [
  publishRoute(deps),
  ...uploadRoutes(deps),
  withdrawRoute(deps),
  ...readRoutes(deps),
  ...timelineRoutes(deps),
];

const publishRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.publish,
    access: 'plugin:publish',
    summary: 'Submit a version. The same submission again gets the same receipt.',
    body: publishRequestSchema,
    replies: { 202: documented('Accepted; the package may be uploaded', receiptSchema) },
    refusals: [
      'VERSION_CONFLICT',
      'CHANNEL_CHANGED',
      'REQUEST_ID_REUSED',
      'SIGNATURE_REQUIRED',
      'VERSION_NOT_INCREMENTED',
      'UPLOAD_QUOTA',
      'NAME_QUOTA',
    ],
    handle: async (asked) => reply(202, await publish(deps, asked)),
  });

const uploadRoutes = (deps: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: paths.uploadPlan,
    access: 'plugin:publish',
    summary: 'The upload plan: every part, and a signed request for each that is missing.',
    params: byVersionId,
    replies: { 200: documented('The plan', uploadPlanSchema) },
    refusals: ['RELEASE_NOT_FOUND', 'UPLOAD_EXPIRED', 'RELEASE_STATE'],
    handle: async ({ params, subject }) =>
      reply(200, await readUploadPlan(deps, await findVisibleRelease(deps, subject, params.versionId))),
  }),
  route({
    method: 'post',
    path: paths.finaliseUpload,
    access: 'plugin:publish',
    summary: 'Say that every part was sent.',
    params: byVersionId,
    replies: { 202: documented('The upload is complete', finaliseReplySchema) },
    refusals: ['UPLOAD_INCOMPLETE', 'UPLOAD_EXPIRED', 'RELEASE_STATE'],
    handle: async ({ params, subject, origin }) =>
      reply(202, await finaliseUpload(deps, subject, params.versionId, origin)),
  }),
  route({
    method: 'post',
    path: paths.abortUpload,
    access: 'plugin:publish',
    summary: 'End an upload that is not complete. Its parts are removed, and their addresses end.',
    params: byVersionId,
    replies: { 200: documented('The upload has ended', finaliseReplySchema) },
    refusals: ['RELEASE_NOT_FOUND', 'RELEASE_STATE'],
    handle: async ({ params, subject, origin }) =>
      reply(200, await abortUpload(deps, subject, params.versionId, origin)),
  }),
];

const withdrawRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.withdraw,
    access: 'plugin:publish',
    summary: 'Withdraw a release that waits. Nobody is offered it; the version may be submitted again.',
    params: byVersionId,
    body: withdrawSchema,
    replies: { 200: documented('The release has ended', finaliseReplySchema) },
    refusals: ['RELEASE_NOT_FOUND', 'RELEASE_STATE'],
    handle: async ({ params: { versionId }, body: { reason }, subject, origin }) =>
      reply(200, await withdrawRelease(deps, subject, { versionId, reason }, origin)),
  });
