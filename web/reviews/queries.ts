import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReviewDetail, ReviewPage } from '../../contracts/reviews/queue';
import { fillPath, paths } from '../../contracts/paths';
import { nextPage, pageQuery } from '../http/paging';
import { LIST_REFRESH_MS } from '../http/queryClient';
import { readJson } from '../http/request';

export const reviewKey = (reviewQueueId: string) => ['review', reviewQueueId] as const;
export const reviewsKey = ['reviews'] as const;

/** The queue of open reviews. */
export const useReviews = () =>
  useInfiniteQuery({
    queryKey: reviewsKey,
    queryFn: ({ pageParam, signal }) =>
      readJson<ReviewPage>(`${paths.reviews}?state=open&limit=50${pageQuery(pageParam)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: nextPage,
    refetchInterval: LIST_REFRESH_MS,
  });

export const useReview = (reviewQueueId: string) =>
  useQuery({
    queryKey: reviewKey(reviewQueueId),
    queryFn: ({ signal }) => readJson<ReviewDetail>(fillPath(paths.review, { reviewQueueId }), signal),
    refetchInterval: LIST_REFRESH_MS,
  });
