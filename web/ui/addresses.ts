/** The addresses of pages that are named by an id; ids hold `:` and `@`, so they are encoded. */
export const releaseHref = (publishId: string): string => `/releases/${encodeURIComponent(publishId)}`;

export const reviewHref = (reviewQueueId: string): string => `/reviews/${encodeURIComponent(reviewQueueId)}`;
