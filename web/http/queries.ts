import { QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReleaseState } from '../../core/releases/state';
import * as api from './api';
import { ApiProblem } from './problem';
import { isOver } from '../releases/states';

const QUEUE_REFRESH_MS = 5_000;
const LIVE_REFRESH_MS = 3_000;

export const releaseKey = (publishId: string) => ['release', publishId] as const;
export const reviewKey = (reviewQueueId: string) => ['review', reviewQueueId] as const;
export const reviewsKey = ['reviews'] as const;

/** A refusal is final; only our own trouble (5xx, no answer) is worth asking again. */
const isWorthRetry = (failures: number, error: Error): boolean =>
  failures < 3 && !(error instanceof ApiProblem && error.document.status < 500);

export const createQueryClient = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { retry: isWorthRetry, staleTime: 2_000 } } });

export const useWhoami = (isEnabled = true) =>
  useQuery({
    queryKey: ['whoami'],
    queryFn: ({ signal }) => api.readWhoami(signal),
    enabled: isEnabled,
    staleTime: Infinity,
  });

export const useLinks = (isEnabled = true) =>
  useQuery({
    queryKey: ['links'],
    queryFn: ({ signal }) => api.readLinks(signal),
    enabled: isEnabled,
    staleTime: Infinity,
  });

const nextPage = ({ next }: { next: string | null }): string | null => next;

export const useReleases = () =>
  useInfiniteQuery({
    queryKey: ['releases'],
    queryFn: ({ pageParam, signal }) => api.readReleases(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
    refetchInterval: QUEUE_REFRESH_MS,
  });

/** Counters of installs move without a timeline line each, so a live release is also asked for. */
export const useRelease = (publishId: string) =>
  useQuery({
    queryKey: releaseKey(publishId),
    queryFn: ({ signal }) => api.readRelease(publishId, signal),
    refetchInterval: ({ state }) => refreshEvery(state.data?.state),
  });

const refreshEvery = (state: ReleaseState | undefined): number | false =>
  state !== undefined && isOver(state) ? false : LIVE_REFRESH_MS;

/** What a reviewer sees of a release on the queue: it does not change while the review is open. */
export const useReleaseFacts = (publishId: string) =>
  useQuery({
    queryKey: ['releaseFacts', publishId],
    queryFn: ({ signal }) => api.readRelease(publishId, signal),
    staleTime: 60_000,
  });

export const useReviews = () =>
  useInfiniteQuery({
    queryKey: reviewsKey,
    queryFn: ({ pageParam, signal }) => api.readReviews(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
    refetchInterval: QUEUE_REFRESH_MS,
  });

export const useReview = (reviewQueueId: string) =>
  useQuery({
    queryKey: reviewKey(reviewQueueId),
    queryFn: ({ signal }) => api.readReview(reviewQueueId, signal),
    refetchInterval: QUEUE_REFRESH_MS,
  });
