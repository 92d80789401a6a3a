import type { Knex } from 'knex';
import { recordPlan } from '../../adapters/db/releases/releases';
import { registerSubmission } from '../../adapters/db/releases/register';
import { DAY } from '../../core/duration';
import { defaultGate } from '../../core/releases/rolloutPlan';
import { computeBucket } from '../../core/rollouts/cohort';
import { publishAndUpload, reach } from '../support/builders/author';
import { addPublisher } from '../support/builders/identities';
import { createSubmission, origin, TODAY } from '../support/builders/submission';
import { useDatabase } from '../support/servers/database';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { until } from '../support/waiting';

/**
 * A publisher that knows the ids of tenants wants its friends to come first, in stages and in second opinions. It submits
 * as often as it likes, and keeps the submission whose order suits it.
 */
let setting: ReleaseMarketplace;
const database = useDatabase();
beforeAll(async () => {
  setting = await openReleaseMarketplace();
  await addPublisher(database.knex);
});
afterAll(() => setting.stop());

const tenants = Array.from({ length: 60 }, (_, index) => `tenant-${index}`);

const listFirst = (salt: string): string[] => tenants.filter((id) => computeBucket(salt, id) < 5_000);

/** Every text of some answers, whole and in its parts. */
function listWords(answers: readonly unknown[]): string[] {
  const texts = JSON.stringify(answers).match(/[^"\\]+/g) ?? [];
  return [...new Set(texts.flatMap((text) => [text, ...text.split(/[/:?&=]/)]))];
}

const readSalt = async (knex: Knex, releaseId: string): Promise<string | null> => {
  const row = await knex('releases').where({ id: releaseId }).first('rollout_salt');
  return row!.rollout_salt;
};

test('nothing that a publisher reads of its release, in review or rolling out, gives the order of tenants away', async () => {
  const { publisher, market, hosts } = setting;
  const prepared = await setting.author.prepare('notes-tried', '1.0.0', {
    stages: [
      { percentage: 50, wait: '10m' },
      { percentage: 100, wait: '1s' },
    ],
    tenants: { allow: ['globex'], deny: [] },
  });
  const { versionId } = await publisher.releases.publish(prepared.request);
  const upload = await publisher.releases.readUploadPlan(versionId);
  const receipt = await publishAndUpload(publisher, prepared);
  await reach(publisher, versionId, ['in_review']);
  await hosts.globex.subscriptions.subscribe('notes-tried', { channel: 'stable', autoUpgrade: true });
  const { id } = (await market.db('releases').where({ version_id: versionId }).first('id'))!;
  expect(await readSalt(market.db, id)).toBeNull();
  const inReview = await publisher.releases.read(versionId);
  const { sha256: packageSha256 } = prepared.request.artefact;
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await until('the offer', async () => (await hosts.globex.rollouts.readStatus(versionId)).available);
  const words = listWords([upload, receipt, inReview, await publisher.releases.read(versionId)]);
  // What it tried before, and finds here still.
  expect(words).toContain(id);
  const { salt } = (await market.db('rollouts').where({ version_id: versionId }).first('salt'))!;
  expect(salt).toMatch(/^[0-9a-f]{32}$/);
  expect(words.filter((word) => word.includes(salt))).toEqual([]);
  const order = listFirst(salt);
  expect(words.filter((word) => listFirst(word).join() === order.join())).toEqual([]);
});

async function registerRelease(pluginId: string): Promise<{ releaseId: string; versionId: string }> {
  const submission = createSubmission({ pluginId });
  const times = { slaMs: 1_000, uploadTimeoutMs: DAY };
  return (await registerSubmission(database.worker, submission, times, TODAY)).release;
}

const plan = {
  ...{ type: 'standard' as const, stages: [{ basisPoints: 10_000, durationMs: 1_000 }], gate: defaultGate },
  ...{ allow: [], deny: [] },
};

test('the order is drawn once: planning that is repeated, or done twice at once, keeps it, and another release has another', async () => {
  const [one, two] = [await registerRelease('notes-once'), await registerRelease('notes-twice')];
  const record = (release: typeof one) =>
    recordPlan(database.worker, { ...release, origin, plan, previousVersion: null }, TODAY);
  await Promise.all([record(one), record(one), record(two)]);
  const drawn = await readSalt(database.knex, one.releaseId);
  expect(drawn).toMatch(/^[0-9a-f]{32}$/);
  await record(one);
  expect(await readSalt(database.knex, one.releaseId)).toBe(drawn);
  expect(await readSalt(database.knex, two.releaseId)).not.toBe(drawn);
});

test('no plan is on record without an order of its own, whoever writes it', async () => {
  const { releaseId } = await registerRelease('notes-saltless');
  const written = database
    .worker('releases')
    .where({ id: releaseId })
    .update({ plan: JSON.stringify(plan) });
  await expect(written).rejects.toThrow(/releases_plan_has_salt/);
});
