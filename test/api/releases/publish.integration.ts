import { randomUUID } from 'node:crypto';
import { ask } from '../../support/requests/ask';
import { addKey, addPublisher } from '../../support/builders/identities';
import { createFingerprint } from '../../support/builders/digests';
import { createPublishRequest } from '../../support/builders/submission';
import { until } from '../../support/waiting';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';

let market: Marketplace;
let acme: string;
let globex: string;

beforeAll(async () => {
  market = await openMarketplace();
  acme = await addPublisher(market.db);
  globex = await addPublisher(market.db, 'globex');
  await market.startWorker();
});
afterAll(() => market.stop());
/** What one test announces keeps no other from announcing more. */
beforeEach(() => market.db('plugins').update({ reserved_until: new Date() }));

const publishUrl = () => `${market.url}/api/marketplace/plugins/publish`;
const fresh = (over = {}) =>
  createPublishRequest({ pluginId: `plugin-${randomUUID().slice(0, 8)}`, ...over });
const countRuns = async (publishId: string): Promise<number> => {
  const runs = [];
  for await (const run of market.temporal.workflow.list({ query: `WorkflowId = '${publishId}'` }))
    runs.push(run);
  return runs.length;
};

test('a publish is answered with 202 and the four ids of its receipt [API-31]', async () => {
  const request = fresh();
  const answer = await ask(publishUrl(), { method: 'POST', token: acme, body: request });
  const versionId = `${request.pluginId}@1.0.0`;
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({
    publishId: `release:${versionId}`,
    versionId,
    reviewQueueId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    uploadUrl: expect.stringContaining(encodeURIComponent(versionId)),
  });
  const audit = await market
    .db('audit')
    .where({ subject: versionId })
    .select('actor', 'to_state', 'request_id', 'at');
  expect(audit).toEqual([
    {
      actor: 'publisher:acme',
      to_state: 'uploading',
      request_id: answer.headers.get('x-request-id'),
      at: expect.any(Date),
    },
  ]);
});

test('right after a publish the version waits for its upload and nobody can install it [API-38]', async () => {
  const receipt = await market.sdk(acme).releases.publish(fresh());
  expect((await market.sdk(acme).releases.read(receipt.versionId)).state).toBe('uploading');
  const tenant = (
    await market.sdk(market.operatorToken).identity.registerTenant({ tenantId: 'early', name: 'Early' })
  ).token;
  const host = market.sdk(tenant);
  const [pluginId = '', version = ''] = receipt.versionId.split('@');
  await expect(host.installations.requestDownload(pluginId, version)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await host.rollouts.readStatus(receipt.versionId)).toEqual({
    available: false,
    reason: 'No active rollout',
  });
  expect(
    (await market.sdk().catalogue.list({ limit: 200 })).plugins.map(({ pluginId: id }) => id),
  ).not.toContain(pluginId);
});

test('a release is found by its publishId and by its versionId [API-37]', async () => {
  const client = market.sdk(acme);
  const { publishId, versionId } = await client.releases.publish(fresh());
  const [byPublishId, byVersionId] = await Promise.all([
    client.releases.read(publishId),
    client.releases.read(versionId),
  ]);
  expect(byPublishId).toEqual(byVersionId);
  expect(byPublishId).toMatchObject({ publishId, versionId, publisherId: 'acme' });
});

test('twenty parallel calls with one key, over two API processes, give one workflow and twenty equal receipts [API-32]', async () => {
  const other = await market.openSecondApi();
  const request = fresh();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      ask(index % 2 ? publishUrl() : `${other.url}/api/marketplace/plugins/publish`, {
        method: 'POST',
        token: acme,
        body: request,
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const { publishId, versionId } = answers[0]!.body as { publishId: string; versionId: string };
  // Visibility is written a moment after the run.
  expect(await until('a run in the list', () => countRuns(publishId))).toBe(1);
  expect(await market.db('releases').where({ version_id: versionId }).count()).toEqual([{ count: 1 }]);
});

test('twenty parallel calls with different bytes give one winner and nineteen clear conflicts [TST-10]', async () => {
  const pluginId = `plugin-${randomUUID().slice(0, 8)}`;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      ask(publishUrl(), {
        method: 'POST',
        token: acme,
        body: fresh({ pluginId, notes: `Variant ${index}.` }),
      }),
    ),
  );
  const codes = answers.map(({ status, body }) => `${status} ${String(body.code ?? 'accepted')}`).sort();
  expect(codes).toEqual(['202 accepted', ...Array<string>(19).fill('409 VERSION_CONFLICT')]);
});

test('a request id that was used for other content is a conflict, and so is the same version with other content', async () => {
  const client = market.sdk(acme);
  const request = fresh();
  await client.releases.publish(request);
  await expect(client.releases.publish({ ...request, notes: 'Other.' })).rejects.toMatchObject({
    code: 'REQUEST_ID_REUSED',
  });
  const again = { ...request, publishRequestId: randomUUID() };
  expect((await client.releases.publish(again)).versionId).toBe(`${request.pluginId}@1.0.0`);
  await expect(client.releases.publish({ ...again, notes: 'Other.' })).rejects.toMatchObject({
    code: 'VERSION_CONFLICT',
  });
});

/** Both publishers at once, each with the same content; what the later one of them learns. */
async function race(tokens: string[]): Promise<void> {
  const request = fresh();
  const answers = await Promise.all(
    tokens.map((token) => ask(publishUrl(), { method: 'POST', token, body: request })),
  );
  const refused = answers.filter(({ status }) => status !== 202);
  expect(refused).toHaveLength(1);
  expect([403, 409, 422]).toContain(refused[0]!.status);
  expect(refused[0]!.text).not.toContain('reviewQueueId');
  const late = await ask(publishUrl(), { method: 'POST', token: globex, body: request });
  expect([late.status, late.body.code]).toEqual([403, 'PUBLISHER_MISMATCH']);
}

test('equal content of two publishers is no repetition: the one without the key is refused and learns nothing', async () => {
  const races = Array.from({ length: 10 }, (_, index) =>
    race(index % 2 === 0 ? [acme, globex] : [globex, acme]),
  );
  await Promise.all(races);
});

test('a refusal does not outlast its cause: once the key is registered, the same request is taken', async () => {
  const hasten = await addPublisher(market.db, 'hasten');
  const request = fresh();
  request.artefact = { ...request.artefact, signedBy: createFingerprint('hasten, second key') };
  const early = await Promise.all(
    Array.from({ length: 8 }, () => ask(publishUrl(), { method: 'POST', token: hasten, body: request })),
  );
  expect(early.map(({ body }) => body.code)).toEqual(Array(8).fill('SIGNATURE_UNKNOWN_KEY'));
  await addKey(market.db, 'hasten', 'hasten, second key');
  await expect(market.sdk(hasten).releases.publish(request)).resolves.toMatchObject({
    versionId: `${request.pluginId}@1.0.0`,
  });
});

test('a release is withdrawn by its publisher alone, once, and the same content is submitted again at once', async () => {
  const client = market.sdk(acme);
  const request = fresh();
  const { versionId } = await client.releases.publish(request);
  await expect(market.sdk(globex).releases.withdraw(versionId)).rejects.toMatchObject({
    code: 'RELEASE_NOT_FOUND',
  });
  const reason = 'The wrong build.';
  expect(await client.releases.withdraw(versionId, { reason })).toEqual({ versionId, state: 'withdrawn' });
  expect(await client.releases.withdraw(versionId)).toEqual({ versionId, state: 'withdrawn' });
  const anew = await client.releases.publish({ ...request, publishRequestId: randomUUID() });
  expect(anew.versionId).toBe(versionId);
  expect((await client.releases.read(versionId)).state).toBe('uploading');
  expect(
    await market.db('releases').where({ version_id: versionId }).orderBy('submission').pluck('state'),
  ).toEqual(['withdrawn', 'uploading']);
  await client.releases.withdraw(versionId);
});

test('a key that is not registered to the publisher is refused [SEC-05]', async () => {
  const request = fresh();
  request.artefact = { ...request.artefact, signedBy: 'B'.repeat(40) };
  await expect(market.sdk(acme).releases.publish(request)).rejects.toMatchObject({
    code: 'SIGNATURE_UNKNOWN_KEY',
  });
});

test('publishers see their own releases only; a stranger cannot tell a foreign one from none', async () => {
  const { publishId, versionId } = await market.sdk(acme).releases.publish(fresh());
  const stranger = market.sdk(globex);
  const calls = [
    () => stranger.releases.read(publishId),
    () => stranger.releases.read(versionId),
    () => stranger.releases.readTimeline(publishId),
    () => stranger.releases.readUploadPlan(versionId),
    () => stranger.releases.finaliseUpload(versionId),
    () => stranger.reviews.addInformation(versionId, { info: 'Look.', links: [] }),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  expect((await stranger.releases.list({ limit: 200 })).releases.map((each) => each.publishId)).not.toContain(
    publishId,
  );
  expect(
    (await market.sdk(acme).releases.list({ limit: 200 })).releases.map((each) => each.publishId),
  ).toContain(publishId);
});

test('lists come in pages that neither repeat nor lose a release', async () => {
  const client = market.sdk(acme);
  const all = (await client.releases.list({ limit: 200 })).releases.map(({ publishId }) => publishId);
  const paged: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await client.releases.list({ limit: 2, ...(cursor ? { cursor } : {}) });
    paged.push(...page.releases.map(({ publishId }) => publishId));
    cursor = page.next;
  } while (cursor);
  expect(paged).toEqual(all);
});

test('the workflow engine away: repetitions are answered all the same, new ones are told to try again', async () => {
  const request = fresh();
  const receipt = await market.sdk(acme).releases.publish(request);
  const second = await market.openSecondApi({ workflowTimeoutMs: 1 });
  const url = `${second.url}/api/marketplace/plugins/publish`;
  expect((await ask(url, { method: 'POST', token: acme, body: request })).body).toEqual(receipt);
  const answer = await ask(url, { method: 'POST', token: acme, body: fresh() });
  expect([answer.status, answer.body.code]).toEqual([503, 'UNAVAILABLE']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});
