import { liftExpired } from '../../../adapters/db/rollouts/restricting';
import { HOUR } from '../../../core/duration';
import { openListings, type Listings } from '../../support/servers/listings';

let listings: Listings;
beforeAll(async () => {
  listings = await openListings();
});
afterAll(() => listings.market.stop());

describe('a version in quarantine', () => {
  test('is offered to nobody new, leaves the catalogue and is not handed out, and who has it keeps it', async () => {
    const versionId = `${await listings.listPlugin()}@1.1.0`;
    const [pluginId = ''] = versionId.split('@');
    expect(await listings.download(versionId)).toMatchObject({ status: 302 });
    const before = await listings.readHead();
    const imposed = await listings.operator.restrictions.impose({
      kind: 'quarantine',
      subjectKind: 'version',
      subjectId: versionId,
      reason: 'It mines coins.',
    });
    expect(imposed).toMatchObject({ publisherId: 'acme', imposedBy: 'operator:admin', liftedAt: null });
    expect(await listings.readFeed(before)).toMatchObject([
      { versionId, kind: 'offer', rule: { basisPoints: 0, allow: [], deny: [] } },
    ]);
    expect(await listings.download(versionId)).toEqual({ status: 403, code: 'VERSION_RESTRICTED' });
    expect(await listings.tenant.rollouts.readStatus(versionId)).toMatchObject({
      available: false,
      reason: 'Withheld by the marketplace',
    });
    expect(await listings.listCatalogue(pluginId)).toEqual(['1.0.0']);
  });

  test('is offered again by a new entry of the feed once it is lifted, and only once', async () => {
    const versionId = `${await listings.listPlugin()}@1.1.0`;
    const { restrictionId } = await listings.operator.restrictions.impose({
      kind: 'quarantine',
      subjectKind: 'version',
      subjectId: versionId,
      reason: 'A report.',
    });
    await listings.readFeed(0);
    const before = await listings.readHead();
    await listings.operator.restrictions.lift(restrictionId, 'The report was wrong.');
    expect(await listings.readFeed(before)).toMatchObject([
      { versionId, kind: 'offer', rule: { basisPoints: 10_000 } },
    ]);
    expect(await listings.download(versionId)).toMatchObject({ status: 302 });
    await expect(listings.operator.restrictions.lift(restrictionId, 'Again.')).rejects.toMatchObject({
      code: 'RESTRICTION_OVER',
    });
  });
});

test('a block takes a version back from those who have it, to the version before', async () => {
  const versionId = `${await listings.listPlugin()}@1.1.0`;
  const before = await listings.readHead();
  await listings.operator.restrictions.impose({
    kind: 'block',
    subjectKind: 'version',
    subjectId: versionId,
    reason: 'Malware.',
  });
  expect(await listings.readFeed(before)).toMatchObject([
    { versionId, kind: 'withdraw', previousVersion: '1.0.0' },
  ]);
});

test('a block of a plugin, a publisher or a key reaches each of its listed versions and nobody else’s', async () => {
  const key = 'B'.repeat(40);
  await listings.market
    .db('publisher_keys')
    .insert({ fingerprint: key, publisher_id: 'acme', armored: 'x', created_at: new Date() });
  const [signed, other] = [await listings.listPlugin(key), await listings.listPlugin()];
  const before = await listings.readHead();
  const byKey = await listings.operator.restrictions.impose({
    kind: 'block',
    subjectKind: 'key',
    subjectId: key,
    reason: 'Stolen.',
  });
  const entries = await listings.readFeed(before);
  expect(entries.map(({ versionId, kind }) => `${kind} ${versionId}`).sort()).toEqual([
    `withdraw ${signed}@1.0.0`,
    `withdraw ${signed}@1.1.0`,
  ]);
  expect(await listings.listCatalogue(signed)).toEqual([]);
  expect(await listings.listCatalogue(other)).toEqual(['1.1.0']);
  const byPlugin = await listings.operator.restrictions.impose({
    kind: 'quarantine',
    subjectKind: 'plugin',
    subjectId: other,
    reason: 'A report.',
  });
  expect(await listings.listCatalogue(other)).toEqual([]);
  const byPublisher = await listings.operator.restrictions.impose({
    kind: 'quarantine',
    subjectKind: 'publisher',
    subjectId: 'acme',
    reason: 'A report.',
  });
  await listings.operator.restrictions.lift(byPlugin.restrictionId, 'Settled.');
  expect(await listings.download(`${other}@1.1.0`)).toMatchObject({ status: 403 });
  await listings.operator.restrictions.lift(byPublisher.restrictionId, 'Settled.');
  expect(await listings.download(`${other}@1.1.0`)).toMatchObject({ status: 302 });
  // The stricter one of two is still in force.
  expect(await listings.download(`${signed}@1.1.0`)).toMatchObject({ status: 403 });
  await listings.operator.restrictions.lift(byKey.restrictionId, 'The key was never out of our hands.');
});

test('a restriction that has expired holds until a worker has lifted it and told the hosts', async () => {
  const versionId = `${await listings.listPlugin()}@1.1.0`;
  const expiresAt = new Date(Date.now() + HOUR);
  await listings.operator.restrictions.impose({
    kind: 'quarantine',
    subjectKind: 'version',
    subjectId: versionId,
    reason: 'Looked at today.',
    expiresAt: expiresAt.toISOString(),
  });
  await listings.readFeed(0);
  const before = await listings.readHead();
  expect(await liftExpired(listings.market.db, 100, new Date(expiresAt.getTime() - 1))).toBe(0);
  expect(await liftExpired(listings.market.db, 100, expiresAt)).toBe(1);
  expect(await listings.readFeed(before)).toMatchObject([
    { versionId, kind: 'offer', rule: { basisPoints: 10_000 } },
  ]);
  expect(await liftExpired(listings.market.db, 100, expiresAt)).toBe(0);
});

test('a restriction of nothing, or one that is over before it begins, is refused', async () => {
  const nothing = { kind: 'block', subjectKind: 'plugin', subjectId: 'com.acme.none', reason: 'x' } as const;
  await expect(listings.operator.restrictions.impose(nothing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const subjectId = await listings.listPlugin();
  const past = { ...nothing, subjectId, expiresAt: '2020-01-01T00:00:00Z' };
  await expect(listings.operator.restrictions.impose(past)).rejects.toMatchObject({
    code: 'RESTRICTION_INVALID',
  });
  const endless = { ...nothing, subjectId, kind: 'delay' } as const;
  await expect(listings.operator.restrictions.impose(endless)).rejects.toMatchObject({
    code: 'RESTRICTION_INVALID',
  });
});
