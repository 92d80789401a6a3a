import { liftExpired, tellHosts } from '../../../adapters/db/rollouts/restricting';
import type { FeedEntry } from '../../../contracts/rollouts/feed';
import { HOUR } from '../../../core/duration';
import type { Client } from '../../../sdk/client';
import { addPublisher, addTenants } from '../../support/builders/identities';
import { createPublishRequest } from '../../support/builders/submission';
import { ask } from '../../support/requests/ask';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';

let market: Marketplace;
let operator: Client;
let tenantToken: string;
let tenant: Client;
let publisher: Client;
let stranger: Client;

beforeAll(async () => {
  market = await openMarketplace();
  operator = market.sdk(market.operatorToken);
  const tokens = await addTenants(market.db, ['globex']);
  tenantToken = tokens.get('globex') ?? '';
  tenant = market.sdk(tenantToken);
  publisher = market.sdk(await addPublisher(market.db, 'acme'));
  stranger = market.sdk(await addPublisher(market.db, 'hooli'));
});
afterAll(() => market.stop());

let plugins = 0;

/** A plugin of its own with two listed versions that everybody is offered, as completed rollouts leave them. */
async function listPlugin(signedBy = 'A'.repeat(40)): Promise<string> {
  plugins += 1;
  const pluginId = `com.acme.p${plugins}`;
  await market.db('plugins').insert({ id: pluginId, publisher_id: 'acme', name: 'Notes' });
  for (const [version, previous] of [
    ['1.0.0', null],
    ['1.1.0', '1.0.0'],
  ] as const) {
    await listVersion(pluginId, version, previous, signedBy);
  }
  return pluginId;
}

async function listVersion(
  pluginId: string,
  version: string,
  previous_version: string | null,
  signed_by: string,
): Promise<void> {
  const { channel, manifest, notes, artefact } = createPublishRequest({ pluginId, version });
  const [id, at] = [`${pluginId}@${version}`, new Date()];
  await market.db('versions').insert({
    ...{ id, plugin_id: pluginId, version, channel, manifest: JSON.stringify(manifest), notes, signed_by },
    ...{ notes_source: 'flag', package_sha256: artefact.sha256, package_bytes: artefact.bytes },
    ...{ manifest_digest: artefact.manifestDigest, object_key: 'packages/a', created_at: at, listed_at: at },
  });
  const rule = JSON.stringify({ salt: id, basisPoints: 10_000, allow: [], deny: [] });
  const [head] = await market.db('feed_head').increment('revision', 1).returning('revision');
  await market.db('feed').insert({
    ...{ revision: head!.revision, key: `offer:${id}`, version_id: id, kind: 'offer', rule },
    ...{ stage: 1, at, previous_version },
  });
}

/** The newest entry of each version after a revision. */
async function readFeed(since: number): Promise<FeedEntry[]> {
  await tellHosts(market.db, 100, new Date());
  const reply = await tenant.rollouts.readFeed({ since });
  return reply.changed ? reply.page.entries : [];
}

const readHead = async (): Promise<number> => (await market.db('feed_head').first('revision'))!.revision;

async function download(versionId: string): Promise<{ status: number; code: unknown }> {
  const [pluginId = '', version = ''] = versionId.split('@');
  const url = `${market.url}/api/v1/plugins/${pluginId}/versions/${version}/download`;
  const { status, body } = await ask(url, { token: tenantToken });
  return { status, code: body.code };
}

const listCatalogue = async (pluginId: string): Promise<string[]> => {
  const { plugins: entries } = await tenant.catalogue.list({ limit: 200 });
  return entries.filter((entry) => entry.pluginId === pluginId).map(({ version }) => version);
};

describe('a version in quarantine', () => {
  test('is offered to nobody new, leaves the catalogue and is not handed out, and who has it keeps it', async () => {
    const versionId = `${await listPlugin()}@1.1.0`;
    const [pluginId = ''] = versionId.split('@');
    expect(await download(versionId)).toMatchObject({ status: 302 });
    const before = await readHead();
    const imposed = await operator.restrictions.impose({
      kind: 'quarantine',
      subjectKind: 'version',
      subjectId: versionId,
      reason: 'It mines coins.',
    });
    expect(imposed).toMatchObject({ publisherId: 'acme', imposedBy: 'operator:admin', liftedAt: null });
    expect(await readFeed(before)).toMatchObject([
      { versionId, kind: 'offer', rule: { basisPoints: 0, allow: [], deny: [] } },
    ]);
    expect(await download(versionId)).toEqual({ status: 403, code: 'VERSION_RESTRICTED' });
    expect(await tenant.rollouts.readStatus(versionId)).toMatchObject({
      available: false,
      reason: 'Withheld by the marketplace',
    });
    expect(await listCatalogue(pluginId)).toEqual(['1.0.0']);
  });

  test('is offered again by a new entry of the feed once it is lifted, and only once', async () => {
    const versionId = `${await listPlugin()}@1.1.0`;
    const { restrictionId } = await operator.restrictions.impose({
      kind: 'quarantine',
      subjectKind: 'version',
      subjectId: versionId,
      reason: 'A report.',
    });
    await readFeed(0);
    const before = await readHead();
    await operator.restrictions.lift(restrictionId, 'The report was wrong.');
    expect(await readFeed(before)).toMatchObject([
      { versionId, kind: 'offer', rule: { basisPoints: 10_000 } },
    ]);
    expect(await download(versionId)).toMatchObject({ status: 302 });
    await expect(operator.restrictions.lift(restrictionId, 'Again.')).rejects.toMatchObject({
      code: 'RESTRICTION_OVER',
    });
  });
});

test('a block takes a version back from those who have it, to the version before', async () => {
  const versionId = `${await listPlugin()}@1.1.0`;
  const before = await readHead();
  await operator.restrictions.impose({
    kind: 'block',
    subjectKind: 'version',
    subjectId: versionId,
    reason: 'Malware.',
  });
  expect(await readFeed(before)).toMatchObject([{ versionId, kind: 'withdraw', previousVersion: '1.0.0' }]);
});

test('a block of a plugin, a publisher or a key reaches each of its listed versions and nobody else’s', async () => {
  const key = 'B'.repeat(40);
  await market
    .db('publisher_keys')
    .insert({ fingerprint: key, publisher_id: 'acme', armored: 'x', created_at: new Date() });
  const [signed, other] = [await listPlugin(key), await listPlugin()];
  const before = await readHead();
  const byKey = await operator.restrictions.impose({
    kind: 'block',
    subjectKind: 'key',
    subjectId: key,
    reason: 'Stolen.',
  });
  const entries = await readFeed(before);
  expect(entries.map(({ versionId, kind }) => `${kind} ${versionId}`).sort()).toEqual([
    `withdraw ${signed}@1.0.0`,
    `withdraw ${signed}@1.1.0`,
  ]);
  expect(await listCatalogue(signed)).toEqual([]);
  expect(await listCatalogue(other)).toEqual(['1.1.0']);
  const byPlugin = await operator.restrictions.impose({
    kind: 'quarantine',
    subjectKind: 'plugin',
    subjectId: other,
    reason: 'A report.',
  });
  expect(await listCatalogue(other)).toEqual([]);
  const byPublisher = await operator.restrictions.impose({
    kind: 'quarantine',
    subjectKind: 'publisher',
    subjectId: 'acme',
    reason: 'A report.',
  });
  await operator.restrictions.lift(byPlugin.restrictionId, 'Settled.');
  expect(await download(`${other}@1.1.0`)).toMatchObject({ status: 403 });
  await operator.restrictions.lift(byPublisher.restrictionId, 'Settled.');
  expect(await download(`${other}@1.1.0`)).toMatchObject({ status: 302 });
  // The stricter one of two is still in force.
  expect(await download(`${signed}@1.1.0`)).toMatchObject({ status: 403 });
  await operator.restrictions.lift(byKey.restrictionId, 'The key was never out of our hands.');
});

test('a restriction that has expired holds until a worker has lifted it and told the hosts', async () => {
  const versionId = `${await listPlugin()}@1.1.0`;
  const expiresAt = new Date(Date.now() + HOUR);
  await operator.restrictions.impose({
    kind: 'quarantine',
    subjectKind: 'version',
    subjectId: versionId,
    reason: 'Looked at today.',
    expiresAt: expiresAt.toISOString(),
  });
  await readFeed(0);
  const before = await readHead();
  expect(await liftExpired(market.db, 100, new Date(expiresAt.getTime() - 1))).toBe(0);
  expect(await liftExpired(market.db, 100, expiresAt)).toBe(1);
  expect(await readFeed(before)).toMatchObject([{ versionId, kind: 'offer', rule: { basisPoints: 10_000 } }]);
  expect(await liftExpired(market.db, 100, expiresAt)).toBe(0);
});

describe('a publisher', () => {
  test('is told of a restriction, reads its own and nobody else’s, and appeals once', async () => {
    const versionId = `${await listPlugin()}@1.1.0`;
    const { restrictionId } = await operator.restrictions.impose({
      kind: 'quarantine',
      subjectKind: 'version',
      subjectId: versionId,
      reason: 'It mines coins.',
    });
    const told = await market
      .db('outbox')
      .where({ key: `restriction:${restrictionId}:imposed` })
      .first('recipient_id', 'body');
    expect(told).toMatchObject({ recipient_id: 'acme', body: { kind: 'restricted', versionId } });
    const own = await publisher.restrictions.list();
    expect(own.restrictions.map((each) => each.restrictionId)).toContain(restrictionId);
    expect((await stranger.restrictions.list({ show: 'all' })).restrictions).toEqual([]);
    await expect(stranger.restrictions.appeal(restrictionId, 'Mine.')).rejects.toMatchObject({
      code: 'RESTRICTION_UNKNOWN',
    });
    expect(await publisher.restrictions.appeal(restrictionId, 'It does not.')).toMatchObject({
      appeal: 'It does not.',
    });
    await expect(publisher.restrictions.appeal(restrictionId, 'Really.')).rejects.toMatchObject({
      code: 'APPEAL_GIVEN',
    });
    const alert = await market
      .db('outbox')
      .where({ key: `restriction:${restrictionId}:appealed` })
      .first('recipient_kind');
    expect(alert).toEqual({ recipient_kind: 'operator' });
    await operator.restrictions.lift(restrictionId, 'It does not.');
    await expect(publisher.restrictions.appeal(restrictionId, 'Late.')).rejects.toMatchObject({
      code: 'RESTRICTION_OVER',
    });
    const actions = await market.db('audit').where({ subject: versionId }).orderBy('at').pluck('action');
    expect(actions).toEqual(['restriction.impose', 'restriction.appeal', 'restriction.lift']);
  });

  test('neither imposes nor lifts', async () => {
    const versionId = `${await listPlugin()}@1.1.0`;
    const asked = { kind: 'block', subjectKind: 'version', subjectId: versionId, reason: 'x' } as const;
    await expect(publisher.restrictions.impose(asked)).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    const { restrictionId } = await operator.restrictions.impose(asked);
    await expect(publisher.restrictions.lift(restrictionId, 'x')).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
    });
  });
});

test('a restriction of nothing, or one that is over before it begins, is refused', async () => {
  const nothing = { kind: 'block', subjectKind: 'plugin', subjectId: 'com.acme.none', reason: 'x' } as const;
  await expect(operator.restrictions.impose(nothing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const subjectId = await listPlugin();
  const past = { ...nothing, subjectId, expiresAt: '2020-01-01T00:00:00Z' };
  await expect(operator.restrictions.impose(past)).rejects.toMatchObject({ code: 'RESTRICTION_INVALID' });
  const endless = { ...nothing, subjectId, kind: 'delay' } as const;
  await expect(operator.restrictions.impose(endless)).rejects.toMatchObject({ code: 'RESTRICTION_INVALID' });
});
