import { z } from 'zod';
import { createClient, type Client } from '../../sdk/client';
import { InfraFailure } from '../terminal/failure';
import type { Stack } from '../stack/startStack';

/** Everyone who takes part: each speaks to the product with a token of their own, as any third party does. */
export interface Cast {
  publisher: Client;
  reviewer: Client;
  operator: Client;
  tenants: readonly Tenant[];
  publisherToken: string;
  reviewerToken: string;
}

export interface Tenant {
  id: string;
  client: Client;
  /** What the tenant's host really runs of a plugin, asked at its admin API; null for nothing. */
  runs(pluginId: string): Promise<string | null>;
}

const installedSchema = z.object({
  plugins: z.array(z.object({ id: z.string(), version: z.string().nullable() })),
});

export function openCast({ addresses, secrets }: Pick<Stack, 'addresses' | 'secrets'>): Cast {
  const as = (token: string): Client => createClient({ baseUrl: addresses.api, token });
  const publisherToken = only(secrets.publisherTokens, 'publisher');
  const reviewerToken = only(secrets.reviewerTokens, 'reviewer');
  return {
    publisherToken,
    reviewerToken,
    publisher: as(publisherToken),
    reviewer: as(reviewerToken),
    operator: as(secrets.adminToken),
    tenants: Object.entries(addresses.hosts).map(([id, host]) => ({
      id,
      client: as(secrets.tenantTokens[id] ?? ''),
      runs: (pluginId) => askHost(host, secrets.hostAdminTokens[id] ?? '', pluginId),
    })),
  };
}

function only(tokens: Readonly<Record<string, string>>, kind: string): string {
  const [token] = Object.values(tokens);
  if (token) return token;
  throw new InfraFailure('demonstration', `the stack has no ${kind}`, 'start again with --fresh');
}

async function askHost(host: string, token: string, pluginId: string): Promise<string | null> {
  const answer = await fetch(`${host}/api/v1/admin/plugins`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok)
    throw new InfraFailure('demonstration', `${host} answered ${answer.status}`, 'read its log');
  const { plugins } = installedSchema.parse(await answer.json());
  return plugins.find(({ id }) => id === pluginId)?.version ?? null;
}
