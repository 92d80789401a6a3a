import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../adapters/db/connect';
import { takeDecision, writeDecision } from '../../adapters/db/reviews/decisions';
import { publishAndUpload, reach } from '../support/builders/author';
import { ask } from '../support/requests/ask';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { createDatabase } from '../support/servers/database';

let setting: ReleaseMarketplace;
beforeAll(async () => {
  setting = await openReleaseMarketplace();
});
afterAll(() => setting.stop());

/** Requests of which the caller chose the id. */
const under = (requestId: string, token: string | undefined, path: string, body: unknown) =>
  ask(setting.market.url + path, {
    method: 'POST',
    body,
    ...(token ? { token } : {}),
    headers: { 'x-request-id': requestId },
  });

test('two tokens that are issued under one request id are two rows of the audit', async () => {
  const { market } = setting;
  const issue = (person: string) =>
    under('the-same', market.operatorToken, '/api/marketplace/admin/publishers/acme/tokens', { person });
  expect([(await issue('pia')).status, (await issue('paul')).status]).toEqual([201, 201]);
  const rows = await market.db('audit').where({ action: 'publisher.token', subject: 'acme' }).orderBy('id');
  expect(rows.map(({ data }) => data.person)).toEqual(['pia', 'paul']);
  expect(new Set(rows.map(({ request_id }) => request_id))).toEqual(new Set(['the-same']));
});

test('a different remark under the request id of another is kept; the same one is kept once', async () => {
  const { market } = setting;
  const { versionId } = await setting.submit('notes-remarks');
  const { token } = await setting.operator.identity.issueToken('publisher', 'acme');
  const path = `/api/marketplace/plugins/${encodeURIComponent(versionId)}/submit-review`;
  const say = (info: string) => under('the-same-remark', token, path, { info, links: [] });
  for (const info of ['Look at index.js.', 'Do not.', 'Do not.']) expect((await say(info)).status).toBe(202);
  const told = await market.db('timeline').where({ kind: 'review_info' }).orderBy('seq');
  expect(told.map(({ data }) => data.info)).toEqual(['Look at index.js.', 'Do not.']);
  const audited = await market.db('audit').where({ action: 'review.info', subject: versionId });
  expect(audited).toHaveLength(2);
});

test('a person with a token of the publisher and one of a reviewer approves nothing of the publisher [REV-19]', async () => {
  const { market, operator } = setting;
  const { versionId, packageSha256 } = await setting.submit('notes-twofold');
  await operator.identity.issueToken('publisher', 'acme', { person: 'tina' });
  const { token } = await operator.identity.registerReviewer({
    reviewerId: 'reviewer-7',
    name: 'Seven',
    person: 'tina',
  });
  const approval = { decision: 'approve' as const, packageSha256 };
  await expect(market.sdk(token).reviews.decide(versionId, approval)).rejects.toMatchObject({
    code: 'REVIEW_OWN',
    message: expect.stringContaining('tina holds tokens of reviewer reviewer-7 and of publisher acme'),
  });
  // Another token of the same reviewer, which names nobody, changes nothing.
  const further = await operator.identity.issueToken('reviewer', 'reviewer-7');
  await expect(market.sdk(further.token).reviews.decide(versionId, approval)).rejects.toMatchObject({
    code: 'REVIEW_OWN',
  });
  // Nor does a row that got past the API: the transaction that decides looks again.
  const release = await market.db('releases').where({ version_id: versionId }).first('id');
  const releaseId = release?.id ?? '';
  const decisionId = randomUUID();
  const decided = { ...approval, reviewer: 'reviewer-7', notes: '', actor: 'reviewer:reviewer-7' };
  await writeDecision(market.db, { ...decided, decisionId, releaseId, requestId: 'r' }, new Date());
  expect(await takeDecision(market.db, { decisionId, releaseId }, new Date())).toMatchObject({
    outcome: 'refused',
    problems: [{ code: 'REVIEW_OWN' }],
  });
  expect((await setting.reviewers[0].reviews.decide(versionId, approval)).decision).toBe('approve');
});

test('a token in an upload is refused and revoked on sight, and its holder is told; what only looks like one revokes nothing', async () => {
  const { market, author, operator, publisher } = setting;
  const leaked = (await operator.identity.issueToken('tenant', 'globex')).token ?? '';
  const lookalike = `spwten_${'x'.repeat(43)}`;
  const health = `// ${leaked}\n// ${lookalike}\nprocess.exit(0);\n`;
  const { versionId } = await publishAndUpload(
    publisher,
    await author.prepare('notes-leaky', '1.0.0', undefined, health),
  );
  expect(await reach(publisher, versionId, ['in_review', 'rejected'])).toBe('rejected');
  await expect(market.sdk(leaked).identity.whoami()).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  const revoked = await market.db('api_keys').where({ revoked_reason: 'leaked' });
  expect(revoked.map(({ subject_id }) => subject_id)).toEqual(['globex']);
  const told = async () =>
    (await setting.hosts.globex.notifications.listForTenant()).notifications.map(({ kind }) => kind);
  for (let left = 100; left > 0 && !(await told()).includes('token_leaked'); left -= 1) await sleep(100);
  expect(await told()).toContain('token_leaked');
  const alerts = (await operator.notifications.listAlerts()).alerts;
  expect(alerts.find(({ kind }) => kind === 'token_leaked')?.title).toBe(
    'A token of tenant globex was revoked',
  );
  expect(JSON.stringify([alerts, await market.db('scans').select('findings')])).not.toContain(leaked);
});

test('neither API nor worker can change or empty the audit, or delete a row of the last 180 days [SEC-07]', async () => {
  const database = await createDatabase();
  try {
    for (const url of [database.apiUrl, database.workerUrl]) {
      const db = connect(url, { applicationName: 'test-audit', poolSize: 1 });
      const row = { key: randomUUID(), at: new Date(), actor: 'a', action: 'b', subject: 'c' };
      await db('audit').insert({ ...row, request_id: 'r', data: '{}' });
      await expect(db('audit').update({ actor: 'nobody' })).rejects.toThrow(/permission denied/);
      await expect(db.raw('truncate audit')).rejects.toThrow(/permission denied/);
      if (url === database.apiUrl) await expect(db('audit').del()).rejects.toThrow(/permission denied/);
      else expect(await db('audit').del()).toBe(0);
      await db.destroy();
    }
    expect(await database.knex('pg_tables').where({ tablename: 'audit' })).toHaveLength(1);
  } finally {
    await database.drop();
  }
});
