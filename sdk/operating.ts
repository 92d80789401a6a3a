import type { z } from 'zod';
import * as http from '../contracts/http';
import type { reviewDecisionSchema } from '../contracts/reviews/review';
import type { Transport } from './http/transport';

type Query<S extends z.ZodType> = Partial<z.output<S>>;
type SubjectKind = 'publishers' | 'tenants' | 'reviewers';

const BASE = '/api/marketplace';

/** What reviewers and operators do, and what everyone may ask. */
export const operating = (transport: Transport) => ({
  reviews: (query: Query<typeof http.reviewQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: `${BASE}/reviews`, query }, http.reviewPageSchema),

  review: (reviewQueueId: string) =>
    transport.json(
      { method: 'GET', path: `${BASE}/reviews/${encodeURIComponent(reviewQueueId)}` },
      http.reviewDetailSchema,
    ),

  /** Decides a review; the first decision wins, any further one is refused with REVIEW_CLOSED. */
  decide: (versionId: string, body: z.input<typeof reviewDecisionSchema>) =>
    transport.json(
      { method: 'PATCH', path: `${BASE}/plugins/${encodeURIComponent(versionId)}/review`, body },
      http.decisionReplySchema,
    ),

  /** Pauses, resumes or aborts a rollout. */
  steer: (versionId: string, action: http.SteeringAction) =>
    transport.json(
      { method: 'POST', path: `${BASE}/rollouts/${encodeURIComponent(versionId)}/${action}`, body: {} },
      http.steeringReplySchema,
    ),

  createPublisher: (body: z.input<typeof http.publisherInputSchema>) => create(transport, 'publishers', body),
  createTenant: (body: z.input<typeof http.tenantInputSchema>) => create(transport, 'tenants', body),
  createReviewer: (body: z.input<typeof http.reviewerInputSchema>) => create(transport, 'reviewers', body),

  /** A further token of a subject, for when the first one was lost. */
  issueToken: (kind: SubjectKind, id: string) =>
    transport.json(
      { method: 'POST', path: `${BASE}/admin/${kind}/${encodeURIComponent(id)}/tokens`, body: {} },
      http.issuedTokenSchema,
    ),

  alerts: (query: Query<typeof http.pageQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: `${BASE}/admin/alerts`, query }, http.alertPageSchema),

  whoami: () => transport.json({ method: 'GET', path: `${BASE}/whoami` }, http.whoamiSchema),
  links: () => transport.json({ method: 'GET', path: '/api/links' }, http.linksSchema),
});

/** Creates a subject with its token, or finds it there without one. */
const create = (transport: Transport, kind: SubjectKind, body: unknown) =>
  transport.json({ method: 'POST', path: `${BASE}/admin/${kind}`, body }, http.issuedTokenSchema);
