import { readFile } from 'node:fs/promises';
import { limits } from '../../core/limits';
import { partPrefix } from '../../core/ids';
import type { PublishRequest } from '../../contracts/releases/publish';
import { createAuthor, publishAndUpload, reach, type Author } from '../support/builders/author';
import { addPublisher } from '../support/builders/identities';
import { toRegister } from '../support/builders/keys';
import { listKeys } from '../support/builders/objects';
import { createFingerprint } from '../support/builders/digests';
import { createPublishRequest } from '../support/builders/submission';
import { ask } from '../support/requests/ask';
import { openMarketplace, type Marketplace } from '../support/servers/marketplace';
import { eventually } from '../support/waiting';

let market: Marketplace;
let author: Author;
let count = 0;
beforeAll(async () => {
  [market, author] = await Promise.all([openMarketplace(), createAuthor()]);
  await market.startWorker();
});
afterAll(async () => {
  await market.stop();
  await author.leave();
});

/** A publisher of its own for each test, so that what one has open concerns no other. */
async function enter() {
  const id = `publisher-${(count += 1)}`;
  const token = await addPublisher(market.db, id);
  const request = (pluginId: string, version: string, bytes = 1000): PublishRequest => {
    const base = createPublishRequest({ pluginId: `${id}-${pluginId}`, version });
    const parts = [{ ...base.artefact.parts[0]!, bytes }];
    const artefact = { ...base.artefact, bytes, parts, signedBy: createFingerprint(id) };
    return { ...base, artefact };
  };
  return { id, token, client: market.sdk(token), request };
}

const versionsOf = (count: number) => Array.from({ length: count }, (_none, index) => `1.${index}.0`);

test('a publisher has twenty uploads open and no more, also when it announces many at once', async () => {
  const { client, request } = await enter();
  const plugins = ['a', 'b', 'c', 'd', 'e'];
  for (const plugin of plugins) {
    for (const version of ['1.0.0', '1.1.0', '1.2.0'])
      await client.releases.publish(request(plugin, version));
  }
  const all = await Promise.allSettled(
    plugins.flatMap((plugin) => [
      client.releases.publish(request(plugin, '2.0.0')),
      client.releases.publish({ ...request(plugin, '2.1.0'), channel: 'beta' }),
    ]),
  );
  const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  expect(refused).toEqual(Array.from({ length: 5 }, () => expect.objectContaining({ code: 'UPLOAD_QUOTA' })));
});

test('who has twenty open is told which and what helps, may abort one, and stands in nobody else’s way', async () => {
  const { token, client, request } = await enter();
  for (const version of versionsOf(limits.openUploads))
    await client.releases.publish(request('full', version));
  const more = request('full', '2.0.0');
  const address = `${market.url}/api/marketplace/plugins/publish`;
  const refused = await ask(address, { method: 'POST', token, body: more });
  expect([refused.status, refused.body.code]).toEqual([409, 'UPLOAD_QUOTA']);
  expect(refused.text).toContain('full@1.0.0');
  expect(refused.text).toContain('px-plugin abort');
  const other = await enter();
  await expect(other.client.releases.publish(other.request('free', '1.0.0'))).resolves.toBeDefined();
  const versionId = `${more.pluginId}@1.3.0`;
  await expect(other.client.releases.abortUpload(versionId)).rejects.toMatchObject({
    code: 'RELEASE_NOT_FOUND',
  });
  expect(await client.releases.abortUpload(versionId)).toEqual({ versionId, state: 'withdrawn' });
  expect(await client.releases.abortUpload(versionId)).toEqual({ versionId, state: 'withdrawn' });
  await expect(
    client.releases.publish({ ...more, publishRequestId: crypto.randomUUID() }),
  ).resolves.toBeDefined();
});

test('the bytes that open uploads announce are bounded together', async () => {
  const { client, request } = await enter();
  for (const version of versionsOf(5))
    await client.releases.publish(request('large', version, limits.packageBytes));
  await expect(client.releases.publish(request('large', '2.0.0', 1))).rejects.toMatchObject({
    code: 'UPLOAD_QUOTA',
  });
});

/** A real package that is announced, with the addresses of its parts. */
async function announce(pluginId: string) {
  const publisher = market.sdk(await addPublisher(market.db, `owner-${pluginId}`));
  const own = await createAuthor();
  await market
    .db('publisher_keys')
    .where({ publisher_id: `owner-${pluginId}` })
    .delete();
  await publisher.keys.register(toRegister(own.key));
  const prepared = await own.prepare(pluginId, '1.0.0');
  return { publisher, own, prepared };
}

async function sendPart(put: { url: string; headers: Record<string, string> }, file: string, bytes: number) {
  const body = new Uint8Array((await readFile(file)).subarray(0, bytes));
  const answer = await fetch(put.url, { method: 'PUT', headers: put.headers, body });
  return {
    status: answer.status,
    code: answer.ok ? undefined : ((await answer.json()) as { code: string }).code,
  };
}

test('addresses of parts take nothing after the upload was aborted, and nothing is kept', async () => {
  const { publisher, own, prepared } = await announce('aborted-plugin');
  const { versionId } = await publisher.releases.publish(prepared.request);
  const plan = await publisher.releases.readUploadPlan(versionId);
  const { put, bytes } = plan.parts[0]!;
  expect((await sendPart(put!, prepared.file, bytes)).status).toBe(200);
  await publisher.releases.abortUpload(versionId);
  const row = await market.db('releases').where({ version_id: versionId }).first('id');
  await eventually('the end of the address', async () =>
    expect(await sendPart(put!, prepared.file, bytes)).toEqual({ status: 410, code: 'UPLOAD_ENDED' }),
  );
  await eventually('an empty upload', async () =>
    expect(await listKeys(market.objects.objects, partPrefix(row!.id))).toEqual([]),
  );
  await expect(publisher.releases.readUploadPlan(versionId)).rejects.toMatchObject({ code: 'RELEASE_STATE' });
  await own.leave();
});

test('addresses of parts take nothing after the upload was verified', async () => {
  const { publisher, own, prepared } = await announce('complete-plugin');
  const { versionId } = await publisher.releases.publish(prepared.request);
  const { put, bytes } = (await publisher.releases.readUploadPlan(versionId)).parts[0]!;
  await publishAndUpload(publisher, prepared);
  await reach(publisher, versionId, ['in_review']);
  expect(await sendPart(put!, prepared.file, bytes)).toEqual({ status: 410, code: 'UPLOAD_ENDED' });
  await expect(publisher.releases.abortUpload(versionId)).rejects.toMatchObject({ code: 'RELEASE_STATE' });
  await own.leave();
});

test('addresses of parts end with the upload, and no new ones are given after that', async () => {
  const { publisher, own, prepared } = await announce('late-plugin');
  const { versionId } = await publisher.releases.publish(prepared.request);
  const soon = new Date(Date.now() + 30_000);
  await market.db('releases').where({ version_id: versionId }).update({ upload_deadline: soon });
  const plan = await publisher.releases.readUploadPlan(versionId);
  expect(plan.expiresAt).toBe(soon.toISOString());
  market.objects.setNow(new Date(soon.getTime() + 1));
  const { put, bytes } = plan.parts[0]!;
  expect(await sendPart(put!, prepared.file, bytes)).toEqual({ status: 403, code: 'OBJECTS_URL_EXPIRED' });
  market.objects.setNow(new Date());
  await market
    .db('releases')
    .where({ version_id: versionId })
    .update({ upload_deadline: new Date(0) });
  await expect(publisher.releases.readUploadPlan(versionId)).rejects.toMatchObject({
    code: 'UPLOAD_EXPIRED',
  });
  await own.leave();
});
