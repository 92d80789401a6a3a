import {
  restrictionPageSchema,
  restrictionSchema,
  type restrictionQuerySchema,
  type RestrictionInput,
} from '../../contracts/releases/restrictions';
import { fillPath, paths } from '../../contracts/paths';
import type { Query, Transport } from '../http/transport';

/** What is withheld from tenants: operators impose and lift, publishers read their own and appeal. */
export const restrictionsClient = (transport: Transport) => ({
  /** Withholds a version, or all of a plugin, publisher or key. */
  impose: (body: RestrictionInput) =>
    transport.json({ method: 'POST', path: paths.restrictions, body }, restrictionSchema),

  /** A page of restrictions, newest first. */
  list: (query: Query<typeof restrictionQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: paths.restrictions, query }, restrictionPageSchema),

  lift: (restrictionId: string, reason: string) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.liftRestriction, { restrictionId }), body: { reason } },
      restrictionSchema,
    ),

  /** Says, once, why a restriction of one's own should be lifted. */
  appeal: (restrictionId: string, appeal: string) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.appealRestriction, { restrictionId }), body: { appeal } },
      restrictionSchema,
    ),

  /** Answers an appeal without lifting the restriction, as an operator. */
  answer: (restrictionId: string, answer: string) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.answerAppeal, { restrictionId }), body: { answer } },
      restrictionSchema,
    ),
});
