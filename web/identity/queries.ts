import { useQuery } from '@tanstack/react-query';
import type { Whoami } from '../../contracts/identity/identities';
import { paths } from '../../contracts/paths';
import { readJson } from '../http/request';

/** Who the token belongs to and what it may do; asked once for each token. */
export const useWhoami = (isEnabled = true) =>
  useQuery({
    queryKey: ['whoami'],
    queryFn: ({ signal }) => readJson<Whoami>(paths.whoami, signal),
    enabled: isEnabled,
    staleTime: Infinity,
  });
