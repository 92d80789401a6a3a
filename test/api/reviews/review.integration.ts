import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '../../../core/limits';
import { reach } from '../../support/builders/author';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../../support/servers/releaseMarketplace';
import type { Marketplace } from '../../support/servers/marketplace';

let setting: ReleaseMarketplace;
let market: Marketplace;
let publisher: ReleaseMarketplace['publisher'];
let reviewers: ReleaseMarketplace['reviewers'];

beforeAll(async () => {
  setting = await openReleaseMarketplace();
  ({ market, publisher, reviewers } = setting);
});
afterAll(() => setting.stop());

test('a clean package gets its machine verdict with no human action and waits in the queue with its deadline [REV-01] [REV-11]', async () => {
  const { versionId, reviewQueueId } = await setting.submit('notes-queued');
  const queue = await reviewers[0].reviews.list();
  const entry = queue.reviews.find((each) => each.versionId === versionId);
  expect(entry).toMatchObject({ reviewQueueId, state: 'open', slaLevel: 0 });
  expect(Date.parse(entry!.slaDeadline!) - Date.parse(entry!.openedAt!)).toBe(4 * 3_600_000);
  const { release } = await reviewers[0].reviews.read(reviewQueueId);
  expect(release).toMatchObject({ versionId, state: 'in_review', permissions: ['notes.page.read'] });
});

test('of two reviewers at once the first decides and the second is told so with 409 [REV-21]', async () => {
  const { versionId, packageSha256 } = await setting.submit('notes-contested');
  const outcomes = await Promise.allSettled([
    reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 }),
    reviewers[1].reviews.decide(versionId, { decision: 'reject', notes: 'No.', packageSha256 }),
  ]);
  const won = outcomes.filter(({ status }) => status === 'fulfilled');
  const lost = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  expect([won.length, lost.length]).toEqual([1, 1]);
  expect(lost[0]!.reason).toMatchObject({ code: 'REVIEW_CLOSED' });
  await expect(
    reviewers[1].reviews.decide(versionId, { decision: 'reject', notes: 'No.', packageSha256 }),
  ).rejects.toMatchObject({ code: 'REVIEW_CLOSED' });
  expect(await market.db('audit').where({ subject: versionId }).whereLike('action', 'review.%')).toHaveLength(
    1,
  );
});

test('a decision on another package than the one under review is refused', async () => {
  const { versionId } = await setting.submit('notes-swapped');
  const packageSha256 = createHash('sha256').update('other').digest('hex');
  await expect(
    reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 }),
  ).rejects.toMatchObject({
    code: 'REVIEW_DIGEST',
  });
});

test('what the publisher adds reaches the reviewer, until the review is closed', async () => {
  const { versionId, reviewQueueId, packageSha256 } = await setting.submit('notes-explained');
  await publisher.reviews.addInformation(versionId, { info: 'Look at dist/index.js.', links: [] });
  const { review } = await reviewers[0].reviews.read(reviewQueueId);
  expect(review.info).toEqual([{ info: 'Look at dist/index.js.', links: [], at: expect.any(String) }]);
  await reviewers[0].reviews.decide(versionId, { decision: 'reject', notes: 'Not yet.', packageSha256 });
  await expect(
    publisher.reviews.addInformation(versionId, { info: 'Late.', links: [] }),
  ).rejects.toMatchObject({
    code: 'REVIEW_CLOSED',
  });
});

test('a review takes fifty pieces of information and no more, of which the queue shows the beginning of the last', async () => {
  const { versionId, reviewQueueId } = await setting.submit('notes-talkative');
  const info = 'Look closely. '.repeat(40);
  const add = (piece: string) => publisher.reviews.addInformation(versionId, { info: piece, links: [] });
  for (let piece = 1; piece <= limits.reviewInformation; piece++) await add(`${piece}: ${info}`);
  await expect(add('One more.')).rejects.toMatchObject({ code: 'REVIEW_INFORMATION_FULL' });
  const { reviews } = await reviewers[0].reviews.list();
  const queued = reviews.find((each) => each.versionId === versionId);
  expect(queued!.info).toEqual([
    { info: `${limits.reviewInformation}: ${info}`.slice(0, 200), links: [], at: expect.any(String) },
  ]);
  const { review } = await reviewers[0].reviews.read(reviewQueueId);
  expect(review.info.map((piece) => piece.info)).toEqual(
    Array.from({ length: limits.reviewInformation }, (_none, index) => `${index + 1}: ${info}`),
  );
});

test('an upload that lacks a part is not finalised, and the refusal names the part', async () => {
  const prepared = await setting.author.prepare('notes-partial', '1.0.0');
  const { versionId } = await publisher.releases.publish(prepared.request);
  const plan = await publisher.releases.readUploadPlan(versionId);
  const put = (part: (typeof plan.parts)[number] | undefined) =>
    publisher.releases.uploadPart({
      put: part!.put!,
      file: prepared.file,
      start: prepared.starts[part!.number - 1]!,
      bytes: part!.bytes,
    });
  await put(plan.parts[1]);
  await put(plan.parts[1]);
  await expect(publisher.releases.finaliseUpload(versionId)).rejects.toMatchObject({
    problems: expect.arrayContaining([expect.objectContaining({ code: 'UPLOAD_INCOMPLETE' })]),
  });
  const again = await publisher.releases.readUploadPlan(versionId);
  expect(again.parts.map(({ present }) => present)).toEqual([false, true, false]);
  expect(again.parts.map((part) => part.put !== undefined)).toEqual([true, false, true]);
  for (const part of again.parts) if (!part.present) await put(part);
  await publisher.releases.finaliseUpload(versionId);
  expect(await reach(publisher, versionId, ['in_review', 'rejected'])).toBe('in_review');
  expect(await publisher.releases.finaliseUpload(versionId)).toEqual({ versionId, state: 'in_review' });
});

test('the live timeline tells every line once, in order, over a lost connection, and ends with the release', async () => {
  const { publishId, versionId, packageSha256 } = await setting.submit('notes-followed');
  const seen: number[] = [];
  let state = '';
  const following = (async () => {
    for await (const event of publisher.releases.follow(publishId)) {
      if (event.type === 'timeline') seen.push(event.event.seq);
      else state = event.state;
      if (seen.length === 2)
        await market.db.raw(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'spillway-timeline' and datname = current_database()`,
        );
    }
  })();
  await sleep(500);
  await reviewers[0].reviews.decide(versionId, { decision: 'reject', notes: 'Not yet.', packageSha256 });
  await following;
  const { events } = await publisher.releases.readTimeline(publishId);
  expect(seen).toEqual(events.map(({ seq }) => seq));
  expect(seen).toEqual(seen.map((_seq, index) => index + 1));
  expect(state).toBe('rejected');
  const after: number[] = [];
  for await (const event of publisher.releases.follow(publishId, { after: 3 })) {
    if (event.type === 'timeline') after.push(event.event.seq);
  }
  expect(after).toEqual(seen.slice(3));
});

describe('who reviews sees all that an approval brings about', () => {
  test('the rollout that was asked for, stage by stage and tenant by tenant, before anything is decided', async () => {
    const { reviewQueueId } = await setting.submit('notes-asked', {
      stages: [
        { percentage: 1, wait: '2d' },
        { percentage: 100, durationMs: 0 },
      ],
      tenants: { allow: ['globex'], deny: ['initech'] },
    });
    const { release, requestedRollout } = await reviewers[0].reviews.read(reviewQueueId);
    expect(release.rollout).toBeNull();
    expect(requestedRollout).toEqual({
      type: 'gradual',
      stages: [
        { basisPoints: 100, durationMs: 172_800_000 },
        { basisPoints: 10_000, durationMs: 0 },
      ],
      allow: ['globex'],
      deny: ['initech'],
    });
  });

  test('and downloads exactly the package that the decision names, which nobody else may', async () => {
    const { reviewQueueId, packageSha256, versionId } = await setting.submit('notes-read');
    const { sha256, body } = await reviewers[0].reviews.openPackage(reviewQueueId);
    const hash = createHash('sha256');
    for await (const piece of body) hash.update(piece);
    expect([sha256, hash.digest('hex')]).toEqual([packageSha256, packageSha256]);
    for (const client of [publisher, setting.hosts.globex])
      await expect(client.reviews.openPackage(reviewQueueId)).rejects.toMatchObject({
        code: 'SCOPE_MISSING',
      });
    const nobody = '00000000-0000-4000-8000-000000000000';
    await expect(reviewers[0].reviews.openPackage(nobody)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await reviewers[0].reviews.decide(versionId, { decision: 'reject', notes: 'No.', packageSha256 });
  });

  test('while other bytes under the package’s name never arrive whole', async () => {
    const { reviewQueueId, versionId } = await setting.submit('notes-changed');
    const { object_key: key, package_bytes: bytes } = (await market
      .db('versions')
      .where({ id: versionId })
      .first('object_key', 'package_bytes'))!;
    await market.objects.objects.write(key, Readable.from([Buffer.alloc(Number(bytes), 1)]));
    let arrived = 0;
    const read = async () => {
      const { body } = await reviewers[0].reviews.openPackage(reviewQueueId);
      for await (const piece of body) arrived += piece.length;
    };
    await expect(read()).rejects.toThrow();
    expect(arrived).toBeLessThan(Number(bytes));
  });
});
