import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReleasePage } from '../../contracts/releases/release';
import type { ReleaseView } from '../../contracts/releases/view';
import { fillPath, paths } from '../../contracts/paths';
import type { ReleaseState } from '../../core/releases/state';
import { nextPage, pageQuery } from '../http/paging';
import { LIST_REFRESH_MS } from '../http/queryClient';
import { readJson } from '../http/request';
import { isOver } from './states';

const LIVE_REFRESH_MS = 3_000;

export const releaseKey = (publishId: string) => ['release', publishId] as const;

const readRelease = (publishId: string, signal: AbortSignal): Promise<ReleaseView> =>
  readJson(fillPath(paths.release, { publishId }), signal);

/** All releases, newest first. */
export const useReleases = () =>
  useInfiniteQuery({
    queryKey: ['releases'],
    queryFn: ({ pageParam, signal }) =>
      readJson<ReleasePage>(`${paths.releases}?limit=50${pageQuery(pageParam)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
    refetchInterval: LIST_REFRESH_MS,
  });

/** Install counters change without timeline entries, so a live release is also polled. */
export const useRelease = (publishId: string) =>
  useQuery({
    queryKey: releaseKey(publishId),
    queryFn: ({ signal }) => readRelease(publishId, signal),
    refetchInterval: ({ state }) => refreshEvery(state.data?.state),
  });

const refreshEvery = (state: ReleaseState | undefined): number | false =>
  state !== undefined && isOver(state) ? false : LIVE_REFRESH_MS;

/** What a reviewer sees of a release in the queue: it does not change while the review is open. */
export const useReleaseFacts = (publishId: string) =>
  useQuery({
    queryKey: ['releaseFacts', publishId],
    queryFn: ({ signal }) => readRelease(publishId, signal),
    staleTime: 60_000,
  });
