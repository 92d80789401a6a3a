import { z } from 'zod';
import { approveKey } from '../../adapters/db/identity/challenges';
import { findRevocation, listKeys } from '../../adapters/db/identity/keys';
import { readRevocationCertificate } from '../../adapters/identity/publicKeys';
import { subjectIdSchema } from '../../contracts/identity/identities';
import {
  approvalReplySchema,
  fingerprintSchema,
  revocationInputSchema,
  revocationReplySchema,
  type RevocationInput,
} from '../../contracts/identity/keys';
import { paths } from '../../contracts/paths';
import { checkIsPublisher } from '../../core/access';
import { refusal, refuseIfAny } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Caller, type Route } from '../http/route';
import { revoke, type DistrustHandler } from './revocation';

const ofPublisher = z.object({ publisherId: subjectIdSchema, fingerprint: fingerprintSchema });
const revoked = { 200: documented('It is revoked, now or already', revocationReplySchema) };

/** Publishers revoke their own keys, operators everybody's; operators approve further ones. */
export const revocationRoutes = (deps: RouteDependencies, distrust: DistrustHandler): Route[] => [
  route({
    method: 'post',
    path: paths.keyRevocation,
    access: 'plugin:publish',
    summary: 'Revoke a key of the publisher of the token, by a reason or by its revocation certificate.',
    params: z.object({ fingerprint: fingerprintSchema }),
    body: revocationInputSchema,
    replies: revoked,
    refusals: ['NOT_FOUND', 'KEY_REVOCATION_INVALID', 'PUBLISHER_UNKNOWN'],
    async handle({ params: { fingerprint }, body, subject, origin, inName }) {
      refuseIfAny(checkIsPublisher(subject));
      return reply(
        200,
        await carryOut(deps, distrust, { publisherId: subject.id, fingerprint }, body, { origin, inName }),
      );
    },
  }),
  route({
    method: 'post',
    path: paths.publisherKeyRevocation,
    access: 'admin',
    summary: 'Revoke a key of a publisher, as an operator.',
    params: ofPublisher,
    body: revocationInputSchema,
    replies: revoked,
    refusals: ['NOT_FOUND', 'KEY_REVOCATION_INVALID'],
    handle: async ({ params, body, origin, inName }) =>
      reply(200, await carryOut(deps, distrust, params, body, { origin, inName })),
  }),
  route({
    method: 'post',
    path: paths.publisherKeyApproval,
    access: 'admin',
    summary: 'Let a publisher register a key within a day without the signature of another one.',
    params: ofPublisher,
    replies: { 200: documented('Approved', approvalReplySchema) },
    refusals: ['NOT_FOUND'],
    async handle({ params: { publisherId, fingerprint: given }, origin }) {
      const fingerprint = given.toUpperCase();
      const { approvedUntil } = await approveKey(deps.db, { publisherId, fingerprint }, origin, deps.now());
      return reply(200, { publisherId, fingerprint, approvedUntil: approvedUntil.toISOString() });
    },
  }),
];

/** What a certificate says counts more than what is said beside it. */
async function carryOut(
  deps: RouteDependencies,
  distrust: DistrustHandler,
  { publisherId, fingerprint: given }: { publisherId: string; fingerprint: string },
  { reason: said, note, certificate }: RevocationInput,
  caller: Caller,
) {
  const fingerprint = given.toUpperCase();
  const key = (await listKeys(deps.db, publisherId)).find((each) => each.fingerprint === fingerprint);
  if (!key) throw refusal('NOT_FOUND', `There is no key ${fingerprint} of ${publisherId}.`);
  const certified =
    certificate === undefined ? undefined : await readRevocationCertificate(key.armored, certificate);
  const reason = certified ?? said ?? 'unspecified';
  const { withheld } = await revoke(deps, distrust, { publisherId, fingerprint, reason, note }, caller);
  // Revoked before, the worse of both reasons stays.
  const recorded = await findRevocation(deps.db, fingerprint);
  return { fingerprint, reason: recorded?.revokedReason ?? reason, withheld };
}
