import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { listReleases, listVersions } from '../../../../adapters/db/releases/lists';
import { findLatestRelease, type ReleaseRecord } from '../../../../adapters/db/releases/record';
import { changeState } from '../../../../adapters/db/releases/transitions';
import { inPublisher } from '../../../../adapters/db/transaction';
import { DAY } from '../../../../core/duration';
import { Refusal } from '../../../../core/errors/errors';
import { limits } from '../../../../core/limits';
import { createFingerprint } from '../../../support/builders/digests';
import { addPublisher, addTenants, subscribe } from '../../../support/builders/identities';
import { createPublishRequest, createSubmission, origin, TODAY } from '../../../support/builders/submission';
import { completeUpload } from '../../../support/builders/uploads';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
const TOMORROW = new Date(TODAY.getTime() + DAY);
const DAY_AFTER = new Date(TODAY.getTime() + 2 * DAY);
const timings = { slaMs: 1000, uploadTimeoutMs: DAY };
let count = 0;

/** Publishers of its own for each test, so that what they have reserved concerns no other. */
async function enter(): Promise<[string, string, string]> {
  const ids = ['a', 'b', 'c'].map((letter) => `publisher-${letter}-${count}`);
  count += 1;
  for (const id of ids) await addPublisher(database.knex, id);
  return ids as [string, string, string];
}

async function announce(publisherId: string, pluginId: string, now = TODAY, version = '1.0.0') {
  const { artefact } = createPublishRequest({ pluginId, version });
  const fields = { pluginId, version, artefact: { ...artefact, signedBy: createFingerprint(publisherId) } };
  const { release } = await registerSubmission(
    database.worker,
    createSubmission(fields, { publisherId }),
    timings,
    now,
  );
  return release;
}

const abort = ({ releaseId }: ReleaseRecord, now = TODAY) =>
  changeState(database.worker, { ...origin, releaseId, from: 'uploading', to: 'withdrawn' }, now);

/** The codes of those that were refused, and how many were not. */
async function settle(attempts: Promise<unknown>[]): Promise<{ taken: number; codes: string[] }> {
  const settled = await Promise.allSettled(attempts);
  const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const codes = lost.map((reason) => {
    if (!(reason instanceof Refusal)) throw reason;
    return reason.code;
  });
  return { taken: settled.length - lost.length, codes };
}

const readName = async (pluginId: string) => {
  const row = await database.knex('plugins').where({ id: pluginId }).first();
  return (
    row && { owner: row.publisher_id, until: row.reserved_until, since: row.verified_at, name: row.name }
  );
};

const asPublisher = <T>(id: string, read: (trx: Knex) => Promise<T>): Promise<T> =>
  inPublisher(database.api, id, read);

test('a publisher has ten plugin ids reserved and no more, also when it announces twenty at once', async () => {
  const [acme, other] = await enter();
  const ids = Array.from({ length: 20 }, (_none, index) => `ten-${index}`);
  const { taken, codes } = await settle(ids.map((id) => announce(acme, id)));
  expect(taken).toBe(limits.reservedNames);
  expect(codes).toEqual(Array.from({ length: 10 }, () => 'NAME_QUOTA'));
  expect(await database.knex('plugins').where({ publisher_id: acme })).toHaveLength(limits.reservedNames);
  expect((await settle(ids.map((id) => announce(other, id)))).taken).toBe(10);
});

test('a verified plugin makes room for another id, and so does the end of a reservation', async () => {
  const [acme] = await enter();
  const releases = [];
  for (let index = 0; index < 10; index += 1) releases.push(await announce(acme, `room-${index}`));
  await expect(announce(acme, 'room-more')).rejects.toMatchObject({ code: 'NAME_QUOTA' });
  await completeUpload(database.worker, releases[0]!);
  await expect(announce(acme, 'room-more')).resolves.toBeDefined();
  await expect(announce(acme, 'room-0', TODAY, '1.1.0')).resolves.toBeDefined();
  for (const release of releases.slice(1)) await abort(release);
  await expect(announce(acme, 'room-last')).rejects.toMatchObject({ code: 'NAME_QUOTA' });
  await expect(announce(acme, 'room-last', TOMORROW)).resolves.toBeDefined();
});

test('an id is free from the end of its reservation on, and whoever takes it sees nothing of the one before', async () => {
  const [acme, other] = await enter();
  await abort(await announce(acme, 'changing'));
  await abort(await announce(acme, 'changing', TODAY, '2.0.0'));
  const justBefore = new Date(TOMORROW.getTime() - 1);
  await expect(announce(other, 'changing', justBefore)).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  const taken = await announce(other, 'changing', TOMORROW);
  expect(await readName('changing')).toMatchObject({ owner: other, until: DAY_AFTER, since: null });
  expect(taken).toMatchObject({ publisherId: other, submission: 2, state: 'uploading' });
  await expect(announce(acme, 'changing', TOMORROW, '3.0.0')).rejects.toMatchObject({
    code: 'PUBLISHER_MISMATCH',
  });
  const page = await asPublisher(other, (trx) => listReleases(trx, {}, { limit: 10, cursor: undefined }));
  expect(page.rows.map(({ versionId }) => versionId)).toEqual(['changing@1.0.0']);
  const versions = await asPublisher(other, (trx) => listVersions(trx, 'changing', { listedOnly: false }));
  expect(versions.map(({ version }) => version)).toEqual(['1.0.0']);
  expect(await asPublisher(other, (trx) => trx('versions').pluck('id'))).toEqual(['changing@1.0.0']);
  expect(await asPublisher(other, (trx) => findLatestRelease(trx, 'changing@2.0.0'))).toBeUndefined();
  // Who had it before sees what is now another's just as little.
  expect(await asPublisher(acme, (trx) => trx('versions').pluck('id'))).toEqual([]);
  expect(await database.knex('audit').where({ action: 'plugin.take' }).first('subject', 'data')).toEqual({
    subject: 'changing',
    data: { from: acme, to: other },
  });
});

test('tenants that subscribed to an id which another publisher takes are not subscribed to that one’s plugin', async () => {
  const [acme, other] = await enter();
  await addTenants(database.knex, ['early']);
  await abort(await announce(acme, 'promised'));
  await subscribe(database.api, ['early'], 'promised');
  await subscribe(database.api, ['early'], 'something-else');
  await abort(await announce(acme, 'promised', TOMORROW));
  const listIds = () => database.knex('subscriptions').where({ tenant_id: 'early' }).pluck('plugin_id');
  expect((await listIds()).sort()).toEqual(['promised', 'something-else']);
  await announce(other, 'promised', TOMORROW);
  expect(await listIds()).toEqual(['something-else']);
});

test('what the publisher before has on its way keeps nobody from a lower version', async () => {
  const [acme, other] = await enter();
  await announce(acme, 'heights', new Date(TOMORROW.getTime() - 1), '1.0.0');
  await announce(acme, 'heights', DAY_AFTER, '99.0.0');
  await expect(announce(other, 'heights', DAY_AFTER, '1.0.1')).resolves.toBeDefined();
});

test('a verified plugin is its publisher’s for good, and the database itself refuses any other', async () => {
  const [acme, other] = await enter();
  const release = await announce(acme, 'kept');
  await completeUpload(database.worker, release);
  expect(await readName('kept')).toMatchObject({ owner: acme, since: TODAY, name: 'The kept plugin' });
  const years = new Date(TODAY.getTime() + 1000 * DAY);
  await expect(announce(other, 'kept', years)).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  const change = (row: object) => database.worker('plugins').where({ id: 'kept' }).update(row);
  await expect(change({ publisher_id: other })).rejects.toThrow(/for good/);
  await expect(change({ verified_at: null })).rejects.toThrow(/for good/);
  await expect(database.api('plugins').update({ publisher_id: other })).rejects.toThrow(/permission denied/);
});

test('a plugin that a worker of the version before verified is kept, too', async () => {
  const [acme, other] = await enter();
  const { releaseId, packageSha256 } = await announce(acme, 'old-worker');
  await database.worker('releases').where({ id: releaseId }).update({ verified_sha256: packageSha256 });
  await expect(announce(other, 'old-worker', DAY_AFTER)).rejects.toMatchObject({
    code: 'PUBLISHER_MISMATCH',
  });
  expect(await readName('old-worker')).toMatchObject({ owner: acme });
});

test('an upload of a publisher that lost the plugin meanwhile is not verified', async () => {
  const [acme, other] = await enter();
  await abort(await announce(acme, 'in-flight'));
  const late = await announce(acme, 'in-flight', new Date(TOMORROW.getTime() - 1), '1.1.0');
  await announce(other, 'in-flight', TOMORROW, '1.2.0');
  await expect(completeUpload(database.worker, late)).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  const row = await database.knex('releases').where({ id: late.releaseId }).first();
  expect(row).toMatchObject({ verified_sha256: null, state: 'uploading' });
  expect(await readName('in-flight')).toMatchObject({ owner: other, since: null });
});

test('when an upload ends while another publisher takes the plugin, exactly one of them has it', async () => {
  const [acme, other] = await enter();
  for (let round = 0; round < 12; round += 1) {
    const pluginId = `photo-finish-${round}`;
    await abort(await announce(acme, pluginId), TODAY);
    const own = await announce(acme, pluginId, TOMORROW, '1.1.0');
    const both = [
      () => completeUpload(database.worker, own),
      () => announce(other, pluginId, TOMORROW, '1.2.0'),
    ];
    const order = round % 2 === 0 ? both : both.toReversed();
    const { taken, codes } = await settle(order.map((act) => act()));
    expect([taken, codes]).toEqual([1, ['PUBLISHER_MISMATCH']]);
    const name = await readName(pluginId);
    const { verified_sha256 } = (await database.knex('releases').where({ id: own.releaseId }).first())!;
    expect(name?.owner).toBe(verified_sha256 === null ? other : acme);
    // Room for the next round.
    await database.knex('plugins').where({ id: pluginId }).update({ reserved_until: TODAY });
  }
});

test('of publishers that announce or take one plugin at once, one has it', async () => {
  const publishers = await enter();
  const fresh = await settle(publishers.map((id) => announce(id, 'wanted')));
  expect([fresh.taken, fresh.codes]).toEqual([1, ['PUBLISHER_MISMATCH', 'PUBLISHER_MISMATCH']]);
  const first = (await readName('wanted'))!.owner;
  const others = publishers.filter((id) => id !== first);
  await abort((await findLatestRelease(database.knex, 'wanted@1.0.0'))!);
  const free = await settle(others.map((id) => announce(id, 'wanted', TOMORROW)));
  expect([free.taken, free.codes]).toEqual([1, ['PUBLISHER_MISMATCH']]);
  expect(others).toContain((await readName('wanted'))!.owner);
});

test('announcing again and again renews no reservation, neither alone nor in turn with another publisher', async () => {
  const [acme, other, third] = await enter();
  const hours = (number: number) => new Date(TODAY.getTime() + (number * DAY) / 24);
  for (let hour = 0; hour < 48; hour += 6)
    await abort(await announce(acme, 'squat', hours(hour)), hours(hour));
  expect(await readName('squat')).toMatchObject({ owner: acme, until: TOMORROW });
  await abort(await announce(other, 'squat', hours(48)), hours(48));
  expect(await readName('squat')).toMatchObject({ owner: other, until: hours(72) });
  await abort(await announce(acme, 'squat', hours(72)), hours(72));
  expect(await readName('squat')).toMatchObject({ owner: acme, until: hours(72) });
  await abort(await announce(other, 'squat', hours(72)), hours(72));
  expect(await readName('squat')).toMatchObject({ owner: other, until: hours(72) });
  await announce(third, 'squat', hours(72));
  expect(await readName('squat')).toMatchObject({ owner: third, until: hours(96) });
});
