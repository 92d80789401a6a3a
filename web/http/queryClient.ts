import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problems';

/** How often lists ask for news, in milliseconds. */
export const LIST_REFRESH_MS = 5_000;

/** A 4xx is final; a failure of the platform (5xx, no answer) is worth a retry. */
const isWorthRetry = (failures: number, error: Error): boolean =>
  failures < 3 && !(error instanceof ApiProblem && error.document.status < 500);

export const createQueryClient = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { retry: isWorthRetry, staleTime: 2_000 } } });
