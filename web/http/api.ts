import type { Links } from '../../contracts/operations/links';
import type { ReleasePage } from '../../contracts/releases/release';
import type { ReviewDecisionReply, ReviewDetail, ReviewPage } from '../../contracts/reviews/queue';
import type { Whoami } from '../../contracts/identity/identities';
import type { ReleaseView } from '../../contracts/releases/view';
import type { ReviewDecisionInput } from '../../contracts/reviews/review';
import { problemOf, unreachableProblem } from './problem';
import { currentToken } from './session';

const base = '/api/marketplace';
const segment = encodeURIComponent;

/**
 * One request with this tab's token.
 * @throws ApiProblem for every refusal, and with code UNAVAILABLE when no answer came
 */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const token = currentToken();
  const headers = new Headers(init.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const reply = await fetch(path, { ...init, headers }).catch((error: unknown) => {
    // An aborted request is nobody's trouble: react-query and the stream ended it themselves.
    if (init.signal?.aborted) throw error;
    throw unreachableProblem();
  });
  if (!reply.ok) throw await problemOf(reply);
  return reply;
}

async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const reply = await send(path, { signal: signal ?? null, headers: { Accept: 'application/json' } });
  return (await reply.json()) as T;
}

const pageQuery = (cursor: string | null): string => (cursor === null ? '' : `&cursor=${segment(cursor)}`);

export const readWhoami = (signal?: AbortSignal): Promise<Whoami> => read(`${base}/whoami`, signal);

export const readLinks = (signal?: AbortSignal): Promise<Links> => read('/api/links', signal);

/** Newest first; `cursor` is the `next` of the page before, null for the first. */
export const readReleases = (cursor: string | null, signal?: AbortSignal): Promise<ReleasePage> =>
  read(`${base}/releases?limit=50${pageQuery(cursor)}`, signal);

export const readRelease = (publishId: string, signal?: AbortSignal): Promise<ReleaseView> =>
  read(`${base}/releases/${segment(publishId)}`, signal);

export const eventsPath = (publishId: string): string => `${base}/releases/${segment(publishId)}/events`;

export const readReviews = (cursor: string | null, signal?: AbortSignal): Promise<ReviewPage> =>
  read(`${base}/reviews?state=open&limit=50${pageQuery(cursor)}`, signal);

export const readReview = (reviewQueueId: string, signal?: AbortSignal): Promise<ReviewDetail> =>
  read(`${base}/reviews/${segment(reviewQueueId)}`, signal);

/** A decision on the package that was looked at; REVIEW_CLOSED (409) when somebody else was first. */
export async function decideReview(
  versionId: string,
  decision: ReviewDecisionInput,
): Promise<ReviewDecisionReply> {
  const reply = await send(`${base}/plugins/${segment(versionId)}/review`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(decision),
  });
  return (await reply.json()) as ReviewDecisionReply;
}
