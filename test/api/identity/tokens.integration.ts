import { admitSettingsToken } from '../../../adapters/db/identity/settingsToken';
import { findSubject } from '../../../adapters/db/identity/tokens';
import { defaultScopes } from '../../../core/access';
import { ask } from '../../support/requests/ask';
import { runCli } from '../../support/cli/runCli';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';
import { temporaryFolder } from '../../support/temporaryFolder';

const DAY = 86_400_000;

let market: Marketplace;
beforeAll(async () => {
  market = await openMarketplace();
  await operator().identity.registerPublisher({ publisherId: 'acme', name: 'Acme' });
  await operator().identity.registerTenant({ tenantId: 'globex', name: 'Globex' });
});
afterAll(() => market.stop());

const operator = () => market.sdk(market.operatorToken);
const issue = async (
  kind: 'publisher' | 'tenant' | 'operator',
  id: string,
  input: { person?: string; expiresIn?: string } = {},
) => {
  const { token = '', tokenId = '', expiresAt = '' } = await operator().identity.issueToken(kind, id, input);
  return { token, tokenId, expiresAt, days: (Date.parse(expiresAt) - Date.now()) / DAY };
};
const whoami = (token: string) => ask(`${market.url}/api/marketplace/whoami`, { token });

test('a token expires after its kind’s time, or after the one that is asked for', async () => {
  expect((await issue('publisher', 'acme')).days).toBeCloseTo(90, 1);
  expect((await issue('tenant', 'globex')).days).toBeCloseTo(365, 1);
  const brief = await issue('publisher', 'acme', { expiresIn: '12h' });
  expect(brief.days).toBeCloseTo(0.5, 1);
  await market.db('api_keys').where({ id: brief.tokenId }).update({ expires_at: new Date() });
  expect((await whoami(brief.token)).body.code).toBe('TOKEN_INVALID');
  for (const expiresIn of ['59s', '367d', 'soon'])
    await expect(issue('publisher', 'acme', { expiresIn })).rejects.toMatchObject({ code: 'BODY_INVALID' });
});

test('an operator’s token has a prefix by which scanners of secrets know it', async () => {
  const { token } = await issue('operator', 'olga', { person: 'olga' });
  expect(token).toMatch(/^spwops_[\w-]{43}$/);
  expect((await whoami(token)).body).toMatchObject({ kind: 'operator', id: 'olga' });
});

test('a token that is revoked opens nothing from then on, and stays in the list with when and why [API-47]', async () => {
  const { token, tokenId } = await issue('publisher', 'acme', { person: 'pia' });
  const own = market.sdk(token);
  const [listed] = (await own.tokens.list()).tokens;
  expect(listed).toMatchObject({ tokenId, person: 'pia', prefix: 'spwpub', revokedAt: null });
  const revoked = await own.tokens.revoke(tokenId);
  expect(revoked).toMatchObject({ revokedReason: 'revoked', revokedAt: expect.any(String) });
  expect((await whoami(token)).status).toBe(401);
  expect(await operator().tokens.revoke(tokenId)).toEqual(revoked);
  const audited = await market.db('audit').where({ action: 'token.revoke', key: `token:${tokenId}:ended` });
  expect(audited).toMatchObject([{ actor: 'publisher:acme', subject: 'acme' }]);
});

test('nobody but an operator sees or ends the tokens of somebody else [SEC-08]', async () => {
  const { token } = await issue('publisher', 'acme');
  const { tokenId } = await issue('tenant', 'globex');
  const publisher = market.sdk(token);
  const seen = (await publisher.tokens.list({ kind: 'tenant', id: 'globex' })).tokens;
  expect(new Set(seen.map(({ kind, id }) => `${kind} ${id}`))).toEqual(new Set(['publisher acme']));
  await expect(publisher.tokens.revoke(tokenId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const all = await operator().tokens.list({ kind: 'tenant', id: 'globex', limit: 1 });
  expect(all.tokens).toMatchObject([{ tokenId }]);
  const rest = await operator().tokens.list({ kind: 'tenant', id: 'globex', cursor: all.next ?? '' });
  expect(rest.tokens.map((each) => each.tokenId)).not.toContain(tokenId);
});

test('the use of a token is noted once a minute, however many requests come', async () => {
  const { token, tokenId } = await issue('publisher', 'acme');
  const start = new Date();
  const later = (ms: number) => new Date(start.getTime() + ms);
  const used = async (now: Date) => {
    await findSubject(market.db, token, now);
    return (await market.db('api_keys').where({ id: tokenId }).first('last_used_at'))?.last_used_at;
  };
  expect(await used(start)).toEqual(start);
  expect(await used(later(59_999))).toEqual(start);
  expect(await used(later(60_000))).toEqual(later(60_000));
  expect((await whoami(token)).status).toBe(200);
});

test('a new SPILLWAY_ADMIN_TOKEN ends the one before, which never comes back', async () => {
  const admin = { kind: 'operator' as const, id: 'admin', scopes: [...defaultScopes.operator] };
  const admit = (token: string) => admitSettingsToken(market.db, token, admin, new Date());
  const [first, second] = [`spwops_${'1'.repeat(30)}`, `spwops_${'2'.repeat(30)}`];
  const before = market.operatorToken;
  const other = await issue('operator', 'olga');
  expect(await admit(first)).toBe('admitted');
  expect(await admit(first)).toBe('known');
  expect(await admit(second)).toBe('admitted');
  // A process that was started with the settings of before.
  expect(await admit(first)).toBe('ended');
  expect((await whoami(first)).status).toBe(401);
  expect((await whoami(second)).status).toBe(200);
  expect((await whoami(before)).status).toBe(401);
  expect((await whoami(other.token)).status).toBe(200);
  await market.db('api_keys').where({ revoked_reason: 'rotated' }).update({ revoked_at: null });
});

test('px-plugin issues, lists and revokes tokens [CLI-28]', async () => {
  const cwd = temporaryFolder('tokens');
  const run = (args: string[], token = market.operatorToken) =>
    runCli(['tokens', ...args], {
      cwd,
      env: { PX_MARKETPLACE_API_URL: market.url, PX_MARKETPLACE_TOKEN: token },
    });
  const issued = await run(['issue', 'publisher', 'acme', '--person', 'paul', '--expires', '2d', '--json']);
  const { token, tokenId } = JSON.parse(issued.out) as { token: string; tokenId: string };
  const listed = await run(['list'], token);
  expect(listed.out).toMatch(new RegExp(`${tokenId} +publisher acme +paul `));
  expect(listed.all).not.toContain(token);
  expect((await run(['revoke', tokenId], token)).out).toBe(
    `The token ${tokenId} of publisher acme is revoked.\n`,
  );
  expect((await run(['list'], token)).exit).not.toBe(0);
  expect((await run(['list', '--kind', 'publisher', '--id', 'acme'])).out).toContain('revoked 20');
});
