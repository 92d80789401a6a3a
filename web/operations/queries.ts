import { useQuery } from '@tanstack/react-query';
import type { Links } from '../../contracts/operations/links';
import { paths } from '../../contracts/paths';
import { readJson } from '../http/request';

/** Addresses of other tools: the API's documentation and, where there is one, Temporal's pages. */
export const useLinks = (isEnabled = true) =>
  useQuery({
    queryKey: ['links'],
    queryFn: ({ signal }) => readJson<Links>(paths.links, signal),
    enabled: isEnabled,
    staleTime: Infinity,
  });
