import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { changeState } from '../../../../adapters/db/releases/transitions';
import { writeWithdrawal } from '../../../../adapters/db/releases/withdrawals';
import { takeDecision, writeDecision } from '../../../../adapters/db/reviews/decisions';
import { openReview } from '../../../../adapters/db/reviews/reviews';
import { DAY } from '../../../../core/duration';
import { addPublisher } from '../../../support/builders/identities';
import { createSubmission, origin, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';

const HOUR = 3_600_000;

const database = useDatabase();
let db: Knex;
let releaseId: string;
let packageSha256: string;
let count = 0;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
});
beforeEach(async () => {
  const input = createSubmission({ pluginId: `decided-${(count += 1)}` });
  packageSha256 = input.request.artefact.sha256;
  ({ releaseId } = (
    await registerSubmission(database.worker, input, { slaMs: 4 * HOUR, uploadTimeoutMs: DAY }, TODAY)
  ).release);
  await move('uploading', 'scanning');
  await openReview(database.worker, { releaseId, slaMs: 4 * HOUR }, TODAY);
  await move('scanning', 'in_review');
});

const move = (from: 'uploading' | 'scanning', to: 'scanning' | 'in_review') =>
  changeState(database.worker, { ...origin, releaseId, from, to }, TODAY);

/** A decision as the API records it for whoever showed a token, by its id. */
async function write(
  extra: { decision?: 'approve' | 'reject'; reviewer?: string; packageSha256?: string; at?: Date } = {},
): Promise<string> {
  const { at = TODAY, reviewer = 'rita', decision = 'approve' } = extra;
  const decisionId = randomUUID();
  const row = { releaseId, decision, reviewer, notes: '', packageSha256, actor: `reviewer:${reviewer}` };
  await writeDecision(database.knex, { ...row, ...extra, decisionId, requestId: 'r-1' }, at);
  return decisionId;
}

const take = (decisionId: string, expected?: 'approve' | 'reject') =>
  takeDecision(database.worker, { releaseId, decisionId, expected }, TODAY);

const refused = (code: string) => ({ outcome: 'refused', problems: [expect.objectContaining({ code })] });

test('the first decision stands; the same again is fine, another is refused [REV-21]', async () => {
  const [first, second] = [await write(), await write({ decision: 'reject', reviewer: 'rob' })];
  const taken = { outcome: 'taken', decision: { decision: 'approve', reviewer: 'rita' } };
  expect(await take(first)).toMatchObject(taken);
  expect(await take(first)).toMatchObject(taken);
  expect(await take(second)).toMatchObject(refused('REVIEW_CLOSED'));
  expect(await db('timeline').where({ release_id: releaseId, kind: 'decision' })).toHaveLength(1);
});

test('nothing is decided by a message about a decision that nobody recorded, or recorded otherwise', async () => {
  expect(await take(randomUUID())).toMatchObject(refused('DECISION_UNKNOWN'));
  expect(await take(await write({ decision: 'reject' }), 'approve')).toMatchObject(
    refused('DECISION_UNKNOWN'),
  );
  expect(await take(await write({ reviewer: 'acme' }))).toMatchObject(refused('REVIEW_OWN'));
  expect(await take(await write({ packageSha256: 'f'.repeat(64) }))).toMatchObject(refused('REVIEW_DIGEST'));
  const yesterday = new Date(TODAY.getTime() - 25 * HOUR);
  expect(await take(await write({ at: yesterday }))).toMatchObject(refused('DECISION_EXPIRED'));
  expect(await db('review_queue').where({ release_id: releaseId }).first()).toMatchObject({ state: 'open' });
});

test('a decision about one release decides no other', async () => {
  const decisionId = await write();
  const other = (
    await registerSubmission(
      database.worker,
      createSubmission({ pluginId: 'decided-other' }),
      { slaMs: HOUR, uploadTimeoutMs: DAY },
      TODAY,
    )
  ).release;
  const taken = takeDecision(
    database.worker,
    { releaseId: other.releaseId, decisionId, expected: undefined },
    TODAY,
  );
  expect(await taken).toMatchObject(refused('DECISION_UNKNOWN'));
});

test('of two decisions at once one is taken', async () => {
  const ids = [await write(), await write({ decision: 'reject', reviewer: 'rob' })];
  const outcomes = (await Promise.all(ids.map((id) => take(id)))).map(({ outcome }) => outcome);
  expect(outcomes.sort()).toEqual(['refused', 'taken']);
});

test('the worker may say when a decision was taken, and can neither write nor change one', async () => {
  const decisionId = await write({ decision: 'reject' });
  await expect(database.worker('review_decisions').update({ decision: 'approve' })).rejects.toThrow(/denied/);
  const forged = { id: randomUUID(), release_id: releaseId, decision: 'approve' as const, reviewer: 'm' };
  await expect(database.worker('review_decisions').insert(forged)).rejects.toThrow(/denied/);
  expect(await db('review_decisions').where({ id: decisionId }).first()).toMatchObject({ taken_at: null });
});

test('nothing is decided any more once the publisher has asked to withdraw the release', async () => {
  const decisionId = await write();
  await writeWithdrawal(database.api, { releaseId, reason: undefined }, origin, TODAY);
  expect(await take(decisionId)).toMatchObject(refused('REVIEW_CLOSED'));
});
