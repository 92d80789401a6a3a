import { limits } from '../../core/limits';
import { createAuthor, publishAndUpload, reach, type Author } from '../support/builders/author';
import { addPublisher } from '../support/builders/identities';
import { toRegister } from '../support/builders/keys';
import { ask } from '../support/requests/ask';
import { openMarketplace, type Marketplace } from '../support/servers/marketplace';
import { eventually } from '../support/waiting';

let market: Marketplace;
const authors: Author[] = [];
beforeAll(async () => {
  market = await openMarketplace();
  await market.startWorker();
});
afterAll(async () => {
  await market?.stop();
  for (const author of authors) await author.leave();
});

/** A publisher with a key of its own, who can really upload. */
async function enter(id: string) {
  const [author, token] = await Promise.all([createAuthor(), addPublisher(market.db, id)]);
  authors.push(author);
  const client = market.sdk(token);
  await market.db('publisher_keys').where({ publisher_id: id }).delete();
  await client.keys.register(toRegister(author.key));
  return { id, token, client, author };
}

/** Lets the time of a reservation pass. */
const passReservation = (pluginId: string) =>
  market.db('plugins').where({ id: pluginId }).update({ reserved_until: new Date() });

const stateOf = async (versionId: string, publisherId: string) => {
  const row = await market.db('releases').where({ version_id: versionId, publisher_id: publisherId }).first();
  return { state: row!.state, codes: row!.problems.map(({ code }) => code) };
};

test('who reserves ids that it never publishes under has ten of them, and aborting makes room for none', async () => {
  const { token, client, author } = await enter('squatter');
  const announce = async (pluginId: string) =>
    client.releases.publish((await author.prepare(pluginId, '1.0.0')).request);
  for (let index = 0; index < limits.reservedNames; index += 1) {
    const { versionId } = await announce(`wanted-${index}`);
    await client.releases.abortUpload(versionId);
  }
  const { request } = await author.prepare('wanted-more', '1.0.0');
  const address = `${market.url}/api/marketplace/plugins/publish`;
  const refused = await ask(address, { method: 'POST', token, body: request });
  expect([refused.status, refused.body.code]).toEqual([409, 'NAME_QUOTA']);
  expect(refused.text).toContain('wanted-0');
  expect(refused.text).toContain('wait until a reservation ends');
  // Those that it has it may announce again.
  await expect(announce('wanted-3')).resolves.toBeDefined();
});

test('an upload that is opened anew and never finished keeps nobody from the plugin and the very version', async () => {
  const [squatter, other] = await Promise.all([enter('holder'), enter('earnest')]);
  const held = await squatter.author.prepare('held-open', '1.0.0');
  const { versionId } = await squatter.client.releases.publish(held.request);
  const own = await other.author.prepare('held-open', '1.0.0');
  await expect(other.client.releases.publish(own.request)).rejects.toMatchObject({
    code: 'PUBLISHER_MISMATCH',
  });
  await passReservation('held-open');

  // What would be refused anyway ends nobody's upload.
  const unsigned = { ...own.request, artefact: { ...own.request.artefact, signedBy: 'ab'.repeat(20) } };
  await expect(other.client.releases.publish(unsigned)).rejects.toMatchObject({
    code: 'SIGNATURE_UNKNOWN_KEY',
  });
  expect((await stateOf(versionId, 'holder')).state).toBe('uploading');

  await publishAndUpload(other.client, own);
  expect(await reach(other.client, versionId, ['in_review', 'rejected'])).toBe('in_review');
  expect(await stateOf(versionId, 'holder')).toEqual({ state: 'withdrawn', codes: [] });
  await expect(squatter.client.releases.read(versionId)).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  const again = await squatter.author.prepare('held-open', '1.0.1');
  await expect(squatter.client.releases.publish(again.request)).rejects.toMatchObject({
    code: 'PUBLISHER_MISMATCH',
  });
});

test('an upload in flight is rejected when another publisher took the plugin meanwhile, and its publisher is told', async () => {
  const [former, other] = await Promise.all([enter('former'), enter('latter')]);
  const flying = await former.author.prepare('in-flight', '1.0.0');
  const { versionId } = await former.client.releases.publish(flying.request);
  const plan = await former.client.releases.readUploadPlan(versionId);
  for (const { number, bytes, put } of plan.parts) {
    const start = flying.starts[number - 1] ?? 0;
    await former.client.releases.uploadPart({ put: put!, file: flying.file, start, bytes });
  }
  await passReservation('in-flight');
  const workflow = market.temporal.workflow.getHandle(`release:${versionId}`);
  await other.client.releases.publish((await other.author.prepare('in-flight', '2.0.0')).request);
  await expect(former.client.releases.finaliseUpload(versionId)).rejects.toMatchObject({
    code: 'RELEASE_NOT_FOUND',
  });
  // The engine itself asks nobody who they are; what it is told leads no further.
  await workflow.executeUpdate('finaliseUpload', { args: [{ actor: 'nobody', requestId: 'r' }] });
  await eventually('the end of the upload', async () =>
    expect(await stateOf(versionId, 'former')).toEqual({ state: 'rejected', codes: ['PUBLISHER_MISMATCH'] }),
  );
  await eventually('the notice', async () => {
    const told = await market.db('notifications').where({ recipient_id: 'former' }).select('body');
    expect(JSON.stringify(told)).toContain('The plugin in-flight belongs to another publisher.');
  });
  expect(await market.db('plugins').where({ id: 'in-flight' }).first('publisher_id', 'verified_at')).toEqual({
    publisher_id: 'latter',
    verified_at: null,
  });
});

test('a homograph of a known plugin is not refused, and waits for a person who is told what it looks like', async () => {
  const [known, squatter] = await Promise.all([enter('known'), enter('lookalike')]);
  const first = await known.author.prepare('com.known.calendar', '1.0.0');
  await publishAndUpload(known.client, first);
  await reach(known.client, 'com.known.calendar@1.0.0', ['in_review']);
  const copy = await squatter.author.prepare('com.known.ca1endar', '1.0.0');
  const { versionId } = await publishAndUpload(squatter.client, copy);
  expect(await reach(squatter.client, versionId, ['in_review', 'rejected'])).toBe('in_review');
  const { token } = await market
    .sdk(market.operatorToken)
    .identity.registerReviewer({ reviewerId: 'rita', name: 'Rita' });
  const reviewer = market.sdk(token);
  const { reviews } = await reviewer.reviews.list({ state: 'open' });
  // All packages of these tests have one display name, which is noted, too.
  const noted = reviews.filter(({ nameFindings }) => nameFindings.some(({ kind }) => kind === 'look_alike'));
  expect(noted.map((each) => each.versionId)).toEqual([versionId]);
  const detail = await reviewer.reviews.read(noted[0]!.reviewQueueId);
  expect(detail.release.nameFindings[0]).toEqual({
    ...{ kind: 'look_alike', resembles: 'com.known.calendar', publisherId: 'known', isPublic: false },
  });
  // Its publisher learns that somebody looks at the name, and nothing of what another one has not yet published.
  const own = await squatter.client.releases.read(versionId);
  expect(own.nameFindings[0]).toMatchObject({ kind: 'look_alike', resembles: null, publisherId: null });
  const { events } = await squatter.client.releases.readTimeline(`release:${versionId}`);
  expect(events.find(({ kind }) => kind === 'name_noted')?.text).toContain(
    'A reviewer will look at the name: com.known.ca1endar looks like a plugin of another publisher.',
  );
});

test('the platform’s own name and well-known words are taken by nobody unseen', async () => {
  const { client, author } = await enter('impostor');
  for (const [pluginId, word] of [
    ['spi11way-official', 'spillway'],
    ['com.google.notes', 'com.google'],
  ] as const) {
    const { versionId } = await publishAndUpload(client, await author.prepare(pluginId, '1.0.0'));
    await reach(client, versionId, ['in_review']);
    const { nameFindings } = await client.releases.read(versionId);
    expect(nameFindings).toContainEqual(expect.objectContaining({ kind: 'reserved', resembles: word }));
  }
});
