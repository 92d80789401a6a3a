import { registerSubmission } from '../../../adapters/db/releases/register';
import { DAY } from '../../../core/duration';
import type { RestrictionView } from '../../../contracts/releases/restrictions';
import { runCli } from '../../support/cli/runCli';
import { createSubmission, TODAY } from '../../support/builders/submission';
import { openListings, type Listings } from '../../support/servers/listings';
import { temporaryFolder } from '../../support/temporaryFolder';

let listings: Listings;
beforeAll(async () => {
  listings = await openListings();
});
afterAll(() => listings.market.stop());

describe('a publisher', () => {
  test('is told of a restriction, reads its own and nobody else’s, and appeals once', async () => {
    const versionId = `${await listings.listPlugin()}@1.1.0`;
    const { restrictionId } = await listings.operator.restrictions.impose({
      kind: 'quarantine',
      subjectKind: 'version',
      subjectId: versionId,
      reason: 'It mines coins.',
    });
    const told = await listings.market
      .db('outbox')
      .where({ key: `restriction:${restrictionId}:imposed` })
      .first('recipient_id', 'body');
    expect(told).toMatchObject({ recipient_id: 'acme', body: { kind: 'restricted', versionId } });
    const own = await listings.publisher.restrictions.list();
    expect(own.restrictions.map((each) => each.restrictionId)).toContain(restrictionId);
    expect((await listings.stranger.restrictions.list({ show: 'all' })).restrictions).toEqual([]);
    await expect(listings.stranger.restrictions.appeal(restrictionId, 'Mine.')).rejects.toMatchObject({
      code: 'RESTRICTION_UNKNOWN',
    });
    expect(await listings.publisher.restrictions.appeal(restrictionId, 'It does not.')).toMatchObject({
      appeal: 'It does not.',
    });
    await expect(listings.publisher.restrictions.appeal(restrictionId, 'Really.')).rejects.toMatchObject({
      code: 'APPEAL_GIVEN',
    });
    const alert = await listings.market
      .db('outbox')
      .where({ key: `restriction:${restrictionId}:appealed` })
      .first('recipient_kind');
    expect(alert).toEqual({ recipient_kind: 'operator' });
    await listings.operator.restrictions.lift(restrictionId, 'It does not.');
    await expect(listings.publisher.restrictions.appeal(restrictionId, 'Late.')).rejects.toMatchObject({
      code: 'RESTRICTION_OVER',
    });
    const actions = await listings.market
      .db('audit')
      .where({ subject: versionId })
      .orderBy('at')
      .pluck('action');
    expect(actions).toEqual(['restriction.impose', 'restriction.appeal', 'restriction.lift']);
  });

  test('neither imposes nor lifts', async () => {
    const versionId = `${await listings.listPlugin()}@1.1.0`;
    const asked = { kind: 'block', subjectKind: 'version', subjectId: versionId, reason: 'x' } as const;
    await expect(listings.publisher.restrictions.impose(asked)).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
    });
    const { restrictionId } = await listings.operator.restrictions.impose(asked);
    await expect(listings.publisher.restrictions.lift(restrictionId, 'x')).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
    });
  });
});

const quarantine = (subjectId: string) =>
  listings.operator.restrictions.impose({
    ...{ kind: 'quarantine', subjectKind: 'version', subjectId, reason: 'It mines coins.' },
  });

test('an appeal waits in a list of its own until an operator answers it, once, and the publisher is told', async () => {
  const { operator, publisher, market } = listings;
  const versionId = `${await listings.listPlugin()}@1.1.0`;
  const { restrictionId } = await quarantine(versionId);
  const listAppeals = async () =>
    (await operator.restrictions.list({ show: 'appeals' })).restrictions.map((each) => each.restrictionId);
  const unasked = { code: 'APPEAL_UNKNOWN' };
  await expect(operator.restrictions.answer(restrictionId, 'No.')).rejects.toMatchObject(unasked);
  expect(await listAppeals()).not.toContain(restrictionId);
  await publisher.restrictions.appeal(restrictionId, 'It does not.');
  expect(await listAppeals()).toContain(restrictionId);
  await expect(publisher.restrictions.answer(restrictionId, 'Yes.')).rejects.toMatchObject({
    code: 'SCOPE_MISSING',
  });
  const answered = { appealAnswer: 'It does.', answeredBy: 'operator:admin', liftedAt: null };
  expect(await operator.restrictions.answer(restrictionId, 'It does.')).toMatchObject(answered);
  expect(await listAppeals()).not.toContain(restrictionId);
  await expect(operator.restrictions.answer(restrictionId, 'Again.')).rejects.toMatchObject(unasked);
  const key = `restriction:${restrictionId}:answered`;
  expect(await market.db('outbox').where({ key }).first('recipient_kind', 'recipient_id')).toEqual({
    ...{ recipient_kind: 'publisher', recipient_id: 'acme' },
  });
  expect(await market.db('audit').where({ key }).pluck('action')).toEqual(['restriction.answer']);
  expect(await listings.download(versionId)).toMatchObject({ status: 403 });
  await operator.restrictions.lift(restrictionId, 'Mended.');
  await expect(operator.restrictions.answer(restrictionId, 'Late.')).rejects.toMatchObject({
    code: 'RESTRICTION_OVER',
  });
});

describe('px-plugin', () => {
  const cwd = temporaryFolder('restrictions');
  const run = (token: string, ...args: string[]) =>
    runCli(args, { cwd, env: { PX_MARKETPLACE_API_URL: listings.market.url, PX_MARKETPLACE_TOKEN: token } });
  const asOperator = (...args: string[]) => run(listings.market.operatorToken, 'restrictions', ...args);
  const asPublisher = (...args: string[]) => run(listings.publisherToken, ...args);

  test('imposes, lists, answers and lifts restrictions for operators [CLI-28]', async () => {
    const pluginId = await listings.listPlugin();
    const asked = [
      'impose',
      'block',
      'plugin',
      pluginId,
      '--reason',
      'Malware.',
      '--expires',
      '2d',
      '--json',
    ];
    const imposed = await asOperator(...asked);
    const { restrictionId, expiresAt } = JSON.parse(imposed.out) as RestrictionView;
    expect(Date.parse(expiresAt ?? '') - Date.now()).toBeGreaterThan(47 * 3_600_000);
    expect(imposed.err).toContain('running rollouts are being paused');
    const { out } = await asOperator('list');
    expect(out).toContain(restrictionId);
    expect(out).toContain(
      `Everything of plugin ${pluginId} is blocked: nobody may have it until ${expiresAt}.`,
    );
    expect((await asOperator('list', '--show', 'appeals')).out).toBe('No appeals wait for an answer.\n');
    await listings.publisher.restrictions.appeal(restrictionId, 'It is none.');
    expect((await asOperator('list', '--show', 'appeals')).out).toContain(
      'The publisher appealed: "It is none."',
    );
    const answered = await asOperator('answer', restrictionId, '--text', 'It is.');
    expect(answered.out).toContain('The operators answered: It is.');
    expect((await asOperator('lift', restrictionId, '--reason', 'Mended.')).out).toBe(
      `The block of plugin ${pluginId} is lifted.\nRollouts that were paused for it wait until an operator resumes them.\n`,
    );
    expect((await asOperator('list')).out).not.toContain(restrictionId);
    expect((await asOperator('list', '--show', 'all')).out).toMatch(
      /lifted +\S+ by operator:admin: Mended\./,
    );
    const wrong = await asOperator(
      'impose',
      'block',
      'plugin',
      pluginId,
      '--reason',
      'x',
      '--expires',
      'soon',
    );
    expect(wrong).toMatchObject({ exit: 2, err: expect.stringContaining('--expires soon is no duration') });
  });

  test('shows a publisher in status what is withheld, why, until when and how to appeal, and appeals', async () => {
    const input = createSubmission({ pluginId: 'status-plugin' });
    const { release } = await registerSubmission(
      listings.market.db,
      input,
      { slaMs: 1000, uploadTimeoutMs: DAY },
      TODAY,
    );
    const { versionId } = release;
    expect((await asPublisher('status', versionId)).out).not.toContain('Restricted');
    const { restrictionId } = await quarantine(versionId);
    const { out } = await asPublisher('status', versionId);
    expect(out).toContain(
      `Restricted: ${versionId} is quarantined: nobody new is offered it. Reason: It mines coins.`,
    );
    expect(out).toContain(
      `The publisher may appeal once.\n  px-plugin restrictions appeal ${restrictionId} --text`,
    );
    const appealed = await asPublisher('restrictions', 'appeal', restrictionId, '--text', 'It does not.');
    expect(appealed).toMatchObject({ exit: 0, out: expect.stringContaining('The operators are told.') });
    await listings.operator.restrictions.answer(restrictionId, 'It does.');
    const after = await asPublisher('status', versionId);
    expect(after.out).toContain('The publisher appealed: "It does not." The operators answered: It does.');
    expect(after.out).not.toContain('px-plugin restrictions appeal');
    const document = JSON.parse((await asPublisher('status', versionId, '--json')).out) as object;
    expect(document).toMatchObject({ restrictions: [{ restrictionId, appealAnswer: 'It does.' }] });
  });
});
