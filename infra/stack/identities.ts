import { InfraFailure } from '../terminal/failure';
import { fillPath, paths, tenantPaths } from '../../contracts/paths';
import type { StackSecrets } from './state';

/** The people of an embedded stack; anybody else is made with the same calls. */
const REVIEWER = 'reviewer';
const PUBLISHER = 'publisher';

interface Kind {
  path: string;
  tokensPath: typeof paths.tenantTokens | typeof paths.reviewerTokens | typeof paths.publisherTokens;
  idField: string;
  tokens: Record<string, string>;
}

/**
 * Makes every identity that is not there, and a new token for one whose token was lost or has ended. Returns how many tokens were made.
 * @throws InfraFailure when the API refuses
 */
export async function ensureIdentities(
  apiUrl: string,
  secrets: StackSecrets,
  tenants: readonly string[],
): Promise<number> {
  const wanted: [Kind, readonly string[]][] = [
    [
      {
        path: paths.tenants,
        tokensPath: paths.tenantTokens,
        idField: 'tenantId',
        tokens: secrets.tenantTokens,
      },
      tenants,
    ],
    [
      {
        path: paths.reviewers,
        tokensPath: paths.reviewerTokens,
        idField: 'reviewerId',
        tokens: secrets.reviewerTokens,
      },
      [REVIEWER],
    ],
    [
      {
        path: paths.publishers,
        tokensPath: paths.publisherTokens,
        idField: 'publisherId',
        tokens: secrets.publisherTokens,
      },
      [PUBLISHER],
    ],
  ];
  let made = 0;
  for (const [kind, ids] of wanted) {
    for (const id of ids) if (await ensureIdentity(apiUrl, secrets.adminToken, kind, id)) made++;
  }
  return made;
}

async function ensureIdentity(apiUrl: string, adminToken: string, kind: Kind, id: string): Promise<boolean> {
  const ask = (path: string, body: unknown) => post(apiUrl + path, adminToken, body);
  const created = await ask(kind.path, { [kind.idField]: id, name: toTitle(id) });
  // A token in the answer replaces what is kept: the database may be another than last time.
  const isKept = created === undefined && (await isAccepted(apiUrl, kind.tokens[id]));
  const token = created ?? (isKept ? undefined : await ask(fillPath(kind.tokensPath, { id }), {}));
  if (token) kind.tokens[id] = token;
  if (!kind.tokens[id])
    throw new InfraFailure(`Identity ${id}`, 'the API gave no token for it', 'read the log of the API');
  return token !== undefined;
}

/** Tokens expire, and may have been revoked. */
async function isAccepted(apiUrl: string, token: string | undefined): Promise<boolean> {
  if (token === undefined) return false;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(apiUrl + paths.whoami, { headers, signal: AbortSignal.timeout(15_000) });
  await answer.body?.cancel();
  return answer.status !== 401;
}

/** Returns the token of the answer; undefined where the identity was there already. */
async function post(url: string, adminToken: string, body: unknown): Promise<string | undefined> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  if (answer.ok) return (JSON.parse(text || '{}') as { token?: string }).token;
  throw new InfraFailure(
    'Identities',
    `${url} answered ${answer.status}: ${text.slice(0, 300)}`,
    'read the log of the API',
  );
}

/**
 * By which signed rules name each tenant; each is told its own.
 *
 * @param tenantUrl the API with the prefix of the tenants' paths
 * @throws InfraFailure when the API refuses
 */
export async function readTenantKeys(
  tenantUrl: string,
  { tenantTokens }: StackSecrets,
  tenants: readonly string[],
): Promise<Record<string, string>> {
  const url = `${tenantUrl}${tenantPaths.trustKey}`;
  const keys: Record<string, string> = {};
  for (const tenant of tenants) {
    const headers = { authorization: `Bearer ${tenantTokens[tenant]}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(15_000) });
    const { tenantKey } = (answer.ok ? await answer.json() : {}) as { tenantKey?: string };
    if (!tenantKey)
      throw new InfraFailure('Identities', `${url} answered ${answer.status}`, 'read the log of the API');
    keys[tenant] = tenantKey;
  }
  return keys;
}

const toTitle = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);
