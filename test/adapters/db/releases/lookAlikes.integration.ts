import { listReviews } from '../../../../adapters/db/reviews/queue';
import { readRelease, type ReleaseRecord } from '../../../../adapters/db/releases/record';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { listVersion } from '../../../../adapters/db/releases/releases';
import { viewRelease } from '../../../../adapters/db/releases/view';
import { inPublisher } from '../../../../adapters/db/transaction';
import { manifestSchema } from '../../../../contracts/releases/manifest';
import { DAY } from '../../../../core/duration';
import { createFingerprint } from '../../../support/builders/digests';
import { addPublisher } from '../../../support/builders/identities';
import { createManifest } from '../../../support/builders/manifest';
import { createPublishRequest, createSubmission, origin, TODAY } from '../../../support/builders/submission';
import { completeUpload } from '../../../support/builders/uploads';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
beforeAll(async () => {
  for (const id of ['acme', 'mallory']) await addPublisher(database.knex, id);
});
/** What one test announces keeps no other from announcing more. */
beforeEach(() => database.knex('plugins').update({ reserved_until: TODAY }));

async function announce(
  publisherId: string,
  pluginId: string,
  { version = '1.0.0', name = `The ${pluginId} plugin` } = {},
): Promise<ReleaseRecord> {
  const { artefact } = createPublishRequest({ pluginId, version });
  const manifest = manifestSchema.parse(createManifest({ id: pluginId, name, version }));
  const signed = { ...artefact, signedBy: createFingerprint(publisherId) };
  const input = createSubmission({ pluginId, version, manifest, artefact: signed }, { publisherId });
  const timings = { slaMs: 1000, uploadTimeoutMs: DAY };
  return (await registerSubmission(database.worker, input, timings, TODAY)).release;
}

async function publish(publisherId: string, pluginId: string, over = {}): Promise<ReleaseRecord> {
  const release = await announce(publisherId, pluginId, over);
  await completeUpload(database.worker, release);
  return readRelease(database.knex, release.releaseId);
}

const readFindings = async ({ releaseId }: ReleaseRecord) =>
  (await database.knex('releases').where({ id: releaseId }).first('name_findings'))!.name_findings;

const readNote = async ({ releaseId }: ReleaseRecord) =>
  (await database.knex('timeline').where({ release_id: releaseId, kind: 'name_noted' }).first('text'))?.text;

test('a look-alike of another publisher’s verified plugin is noted, on release, timeline and queue', async () => {
  const known = await publish('acme', 'dataview-tables');
  await listVersion(database.worker, { ...known, origin }, TODAY);
  expect(await readFindings(known)).toEqual([]);
  const copy = await publish('mallory', 'dataveiw-tables');
  const finding = {
    ...{ kind: 'look_alike', resembles: 'dataview-tables', publisherId: 'acme', isPublic: true },
  };
  expect(await readFindings(copy)).toEqual([finding]);
  expect(await readNote(copy)).toBe(
    'A reviewer will look at the name: dataveiw-tables looks like the plugin dataview-tables of acme.',
  );
  await database.knex('review_queue').where({ release_id: copy.releaseId }).update({ state: 'open' });
  const { rows } = await listReviews(database.api, 'open', { limit: 10, cursor: undefined });
  expect(rows.map(({ pluginId, nameFindings }) => [pluginId, nameFindings])).toEqual([
    ['dataveiw-tables', [finding]],
  ]);
  // The one that was there first is not looked at for it, later neither.
  expect(await readFindings(await publish('acme', 'dataview-tables', { version: '1.1.0' }))).toEqual([]);
});

test('a plugin that was never listed is named to reviewers, and not to who publishes a look-alike', async () => {
  await publish('acme', 'secret-project');
  const copy = await publish('mallory', 'secret-pr0ject');
  const seen = await viewRelease(database.api, copy, { kind: 'reviewer' });
  expect(seen.nameFindings).toMatchObject([{ resembles: 'secret-project', publisherId: 'acme' }]);
  const shown = await inPublisher(database.api, 'mallory', (trx) =>
    viewRelease(trx, copy, { kind: 'publisher' }),
  );
  expect(shown.nameFindings).toMatchObject([{ kind: 'look_alike', resembles: null, publisherId: null }]);
  expect(JSON.stringify([shown, await readNote(copy)])).not.toMatch(/secret-project|acme/);
});

test('an announced plugin that was never verified is nobody’s to be mistaken for', async () => {
  await announce('acme', 'only-announced');
  expect(await readFindings(await publish('mallory', 'only-ann0unced'))).toEqual([]);
});

test('versions of one publisher’s plugins are no look-alikes of each other', async () => {
  await publish('acme', 'family-notes');
  expect(await readFindings(await publish('acme', 'family-n0tes'))).toEqual([]);
});

test('a display name in letters of another alphabet is found by its look', async () => {
  const known = await publish('acme', 'com.acme.planner', { name: 'Day Planner' });
  await listVersion(database.worker, { ...known, origin }, TODAY);
  const copy = await publish('mallory', 'com.mallory.tasks', { name: 'Dаy Plаnnеr' });
  expect(await readFindings(copy)).toMatchObject([{ kind: 'same_name', resembles: 'com.acme.planner' }]);
});

test('an id that looks alike is found however many older plugins have the same display name', async () => {
  const verified_at = new Date(TODAY.getTime() - DAY);
  const common = { publisher_id: 'acme', name: 'Word Count', created_at: TODAY, verified_at };
  const rows = Array.from({ length: 60 }, (_none, index) => ({ ...common, id: `wc-${index}-a` }));
  await database.knex('plugins').insert(rows);
  await publish('acme', 'paragraph-tables');
  const copy = await publish('mallory', 'paragraph-tab1es', { name: 'Word Count' });
  const [first, ...further] = await readFindings(copy);
  expect(first).toMatchObject({ kind: 'look_alike', resembles: 'paragraph-tables' });
  expect(new Set(further.map(({ kind }) => kind))).toEqual(new Set(['same_name']));
});

test('what was found is noted on every further release until one was listed, and on none after it', async () => {
  const first = await publish('mallory', 'spillway-helper');
  const reserved = [{ kind: 'reserved', resembles: 'spillway', publisherId: null, isPublic: true }];
  expect(await readFindings(first)).toEqual(reserved);
  const second = await publish('mallory', 'spillway-helper', { version: '1.1.0' });
  expect([await readFindings(second), await readNote(second)]).toEqual([reserved, expect.any(String)]);
  await listVersion(database.worker, { ...second, origin }, TODAY);
  const third = await publish('mallory', 'spillway-helper', { version: '1.2.0' });
  expect([await readFindings(third), await readNote(third)]).toEqual([[], undefined]);
});

test('of two look-alikes that are verified at once, exactly one is noted', async () => {
  for (const word of ['alpine', 'bronze', 'cobalt', 'desert', 'ember', 'fjord']) {
    const releases = [
      await announce('acme', `${word}-calendar`),
      await announce('mallory', `${word}-ca1endar`),
    ];
    await Promise.all(releases.map((each) => completeUpload(database.worker, each)));
    const found = await Promise.all(releases.map(readFindings));
    expect(found.flat().map(({ kind }) => kind)).toEqual(['look_alike']);
  }
});

test('plugins of before names were compared are found as well', async () => {
  await publish('acme', 'long-established');
  await database
    .knex('plugins')
    .where({ id: 'long-established' })
    .update({ skeleton: null, name_skeleton: null, near: null });
  expect(await readFindings(await publish('mallory', 'l0ng-established'))).toMatchObject([
    { resembles: 'long-established' },
  ]);
});

test('verifying many plugins at once ends, though each fills in what is missing of all', async () => {
  const releases = [];
  for (let index = 0; index < 8; index += 1) releases.push(await announce('acme', `at-once-${index}`));
  await database.knex('plugins').update({ name_skeleton: null });
  await Promise.all(releases.map((each) => completeUpload(database.worker, each)));
  expect(await database.knex('plugins').whereNull('name_skeleton')).toEqual([]);
});
