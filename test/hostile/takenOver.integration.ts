import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { revokeKey } from '../../adapters/db/identity/keys';
import { registerSubmission } from '../../adapters/db/releases/register';
import { imposeRestriction } from '../../adapters/db/rollouts/restricting';
import { asBearer } from '../../adapters/db/transaction';
import { DAY } from '../../core/duration';
import { giveProof } from '../support/builders/bearers';
import { createFingerprint } from '../support/builders/digests';
import { addPublisher } from '../support/builders/identities';
import { createSubmission, TODAY } from '../support/builders/submission';
import { useDatabase } from '../support/servers/database';

/**
 * Somebody has taken the API over, or found its password, and writes to the database as the API does: everything that
 * the API's role may do, and no token of anybody.
 */
const database = useDatabase();
let releaseId: string;
let packageSha256: string;

beforeAll(async () => {
  await addPublisher(database.knex);
  const submission = createSubmission({ pluginId: 'notes' });
  packageSha256 = submission.request.artefact.sha256;
  const times = { slaMs: 1_000, uploadTimeoutMs: DAY };
  ({ releaseId } = (await registerSubmission(database.worker, submission, times, TODAY)).release);
});

/** Imposed by an operator; what is lifted of it. */
async function impose(): Promise<string> {
  const id = randomUUID();
  await database.knex('restrictions').insert({
    ...{ id, kind: 'block', subject_kind: 'plugin', subject_id: 'notes', publisher_id: 'acme' },
    ...{ reason: 'It reads letters.', imposed_by: 'operator:ada', imposed_at: TODAY },
    ...{ appeal: 'It does not.', appealed_at: TODAY },
  });
  return id;
}

interface Attempt {
  /** In whose name. */
  actor: string;
  /** Somebody with a token of the same kind, or of another one where the kind is what allows it. */
  other: string;
  write: (trx: Knex) => PromiseLike<unknown>;
}

const decision = () => ({
  ...{ id: randomUUID(), release_id: releaseId, decision: 'approve' as const, reviewer: 'rita' },
  ...{ actor: 'reviewer:rita', request_id: 'r', notes: '', package_sha256: packageSha256 },
  ...{ decided_at: TODAY, expires_at: new Date(Date.now() + DAY) },
});

const attempts: Record<string, Attempt> = {
  "an approval in a reviewer's name": {
    ...{ actor: 'reviewer:rita', other: 'reviewer:rob' },
    write: (trx) => trx('review_decisions').insert(decision()),
  },
  'the lifting of what an operator imposed': {
    ...{ actor: 'operator:ada', other: 'publisher:acme' },
    write: async (trx) =>
      trx('restrictions')
        .where({ id: await impose() })
        .update({ lifted_by: 'operator:ada', lift_reason: 'Fine.', lifted_at: TODAY }),
  },
  'the answer to an appeal': {
    ...{ actor: 'operator:ada', other: 'operator:olga' },
    write: async (trx) =>
      trx('restrictions')
        .where({ id: await impose() })
        .update({ answered_by: 'operator:ada', appeal_answer: 'No.', answered_at: TODAY }),
  },
  "a command in an operator's name": {
    ...{ actor: 'operator:ada', other: 'operator:olga' },
    write: (trx) =>
      trx('rollout_commands').insert({
        ...{ id: randomUUID(), release_id: releaseId, action: 'resume', actor: 'operator:ada' },
        ...{ request_id: 'r', given_at: TODAY, expires_at: TODAY },
      }),
  },
  "a submission in a publisher's name": {
    ...{ actor: 'publisher:acme', other: 'publisher:globex' },
    write: (trx) =>
      trx('submissions').insert({
        ...{ id: randomUUID(), publisher_id: 'acme', submission_digest: 'd', actor: 'publisher:acme' },
        ...{ request_id: 'r', submitted_at: TODAY, expires_at: TODAY },
      }),
  },
  "a publisher's signing key": {
    ...{ actor: 'publisher:acme', other: 'publisher:globex' },
    write: (trx) =>
      trx('publisher_keys').insert({
        ...{
          fingerprint: createFingerprint(randomUUID()),
          publisher_id: 'acme',
          armored: 'x',
          created_at: TODAY,
        },
      }),
  },
  'a token of a reviewer': {
    ...{ actor: 'operator:ada', other: 'reviewer:rita' },
    write: (trx) =>
      trx('api_keys')
        .withSchema('public')
        .insert({
          ...{
            token_hash: Buffer.from(randomUUID()),
            prefix: 'spwrev',
            subject_kind: 'reviewer',
            subject_id: 'rita',
          },
          ...{ scopes: ['review:decide'], created_at: TODAY },
        }),
  },
};

const refused = /proof_demanded|The bearer token is unknown, expired or revoked/;

describe.each(Object.entries(attempts))('%s', (_name, { actor, other, write }) => {
  const writeWith = (proof: string) => asBearer(database.api, proof, async (trx) => write(trx));

  test('is refused without a token, and taken with that of the person', async () => {
    await expect(Promise.resolve(write(database.api))).rejects.toThrow(/No valid token of/);
    await expect(writeWith('')).rejects.toThrow(refused);
    expect(await writeWith(await giveProof(database.knex, actor))).toBeDefined();
  });

  test('is refused with the token of somebody else, and with one that was revoked, has expired or has no scope', async () => {
    const past = new Date(Date.now() - 1_000);
    const proofs = [
      await giveProof(database.knex, other),
      await giveProof(database.knex, actor, { revoked_at: past }),
      await giveProof(database.knex, actor, { expires_at: past }),
    ];
    for (const proof of proofs) await expect(writeWith(proof)).rejects.toThrow(refused);
  });

  test('is refused with what the table of tokens holds, and with a table of one’s own in its place', async () => {
    await giveProof(database.knex, actor);
    const kept = await database.api('api_keys').where({ revoked_at: null }).pluck('token_hash');
    for (const hash of kept.slice(-20))
      await expect(writeWith(hash.toString('hex'))).rejects.toThrow(refused);
    const shadowed = database.api.transaction(async (trx) => {
      await trx.raw('create temporary table api_keys (like public.api_keys) on commit drop');
      await trx.raw(`insert into pg_temp.api_keys select * from public.api_keys`);
      await trx.raw(`update pg_temp.api_keys set token_hash = sha256('\\x00')`);
      await trx.raw(`set local search_path = pg_temp, public`);
      await trx.raw(`select set_config('spillway.proof', '00', true)`);
      await write(trx);
    });
    await expect(shadowed).rejects.toThrow(/No valid token of/);
  });
});

test('the role takes none of that away: neither the triggers, nor the names and scopes of tokens, nor their end', async () => {
  const id = (await database.api('api_keys').first('id'))!.id;
  for (const statement of [
    'alter table review_decisions disable trigger all',
    'drop trigger review_decisions_proven on review_decisions',
    `create or replace function is_proven(actor text, scope text) returns boolean language sql as 'select true'`,
    'set session_replication_role = replica',
    `update api_keys set scopes = '{admin}'`,
    `update api_keys set subject_id = 'ada'`,
    'update api_keys set expires_at = null',
    'set role spillway_worker',
  ])
    await expect(database.api.raw(statement)).rejects.toThrow(/must be owner|permission denied/);
  await database.knex('api_keys').where({ id }).update({ revoked_at: TODAY, revoked_reason: 'leaked' });
  for (const revoked_at of [null, new Date(Date.now() + DAY)])
    await expect(database.api('api_keys').where({ id }).update({ revoked_at })).rejects.toThrow(/was ended/);
});

describe('a token that the API sees anyway', () => {
  const command = (actor: string, action: 'pause' | 'resume' | 'abort') => ({
    ...{ id: randomUUID(), release_id: releaseId, action, actor },
    ...{ request_id: 'r', given_at: TODAY, expires_at: TODAY },
  });
  const steer = async (bearer: string, actor: string, action: 'pause' | 'resume' | 'abort') =>
    asBearer(database.api, await giveProof(database.knex, bearer), async (trx) =>
      trx('rollout_commands').insert(command(actor, action)),
    );

  test.each([
    ['tenant:t1', 'tenant:t1', 'resume'],
    ['tenant:t1', '', 'abort'],
    ['reviewer:rita', 'reviewer:rita', 'pause'],
    ['publisher:acme', 'publisher:acme', 'resume'],
    ['publisher:globex', 'publisher:globex', 'pause'],
    ['publisher:globex', 'publisher:acme', 'pause'],
  ] as const)('that is of %s does not, as %j, %s a rollout', async (bearer, actor, action) => {
    await expect(steer(bearer, actor, action)).rejects.toThrow(refused);
  });

  test('steers where its scope allows it, and a publisher pauses what it has published', async () => {
    expect(await steer('operator:ada', 'operator:ada', 'resume')).toBeDefined();
    expect(await steer('publisher:acme', 'publisher:acme', 'pause')).toBeDefined();
  });

  test('decides in nobody’s name', async () => {
    const proof = await giveProof(database.knex, 'reviewer:rob');
    const forged = { ...decision(), actor: '', reviewer: '' };
    const written = asBearer(database.api, proof, async (trx) => trx('review_decisions').insert(forged));
    await expect(written).rejects.toThrow(refused);
  });

  test('changes no key of another publisher, and its expiry no more than its text', async () => {
    const fingerprint = createFingerprint(randomUUID());
    const key = { fingerprint, publisher_id: 'acme', armored: 'genuine', created_at: TODAY };
    await database.knex('publisher_keys').insert(key);
    const change = async (bearer: string, over: { armored?: string; expires_at?: Date }) =>
      asBearer(database.api, await giveProof(database.knex, bearer), async (trx) =>
        trx('publisher_keys').where({ fingerprint }).update(over),
      );
    const expiry = { expires_at: TODAY };
    await expect(change('publisher:globex', { armored: 'other' })).rejects.toThrow(refused);
    await expect(change('tenant:t1', expiry)).rejects.toThrow(refused);
    await expect(database.api('publisher_keys').where({ fingerprint }).update(expiry)).rejects.toThrow(
      /No valid token of/,
    );
    expect(await change('publisher:acme', { ...expiry, armored: 'newer' })).toBe(1);
  });
});

test("a reviewer's token gives no decision in the name of another reviewer", async () => {
  const proof = await giveProof(database.knex, 'reviewer:rob');
  const forged = { ...decision(), actor: 'reviewer:rob' };
  const written = asBearer(database.api, proof, async (trx) => trx('review_decisions').insert(forged));
  await expect(written).rejects.toThrow(/review_decisions_reviewer/);
});

describe('a restriction by revocation that is there before the revocation', () => {
  const beforehand = (fingerprint: string, over: { kind?: 'delay'; imposed_told?: boolean } = {}) =>
    database.api('restrictions').insert({
      ...{ id: randomUUID(), kind: 'quarantine', subject_kind: 'key', subject_id: fingerprint },
      ...{
        publisher_id: 'acme',
        reason: 'Nothing.',
        imposed_by: 'x',
        imposed_at: TODAY,
        cause: 'revocation',
      },
      ...over,
    });

  test('does not keep an operator from distrusting the key, and withholds what the key signed', async () => {
    const fingerprint = createFingerprint('acme');
    await beforehand(fingerprint);
    const origin = { actor: 'operator:ada', requestId: 'r' };
    const revocation = { publisherId: 'acme', fingerprint, reason: 'compromised' as const };
    const subject = { subjectKind: 'key', subjectId: fingerprint, publisherId: 'acme' } as const;
    const why = {
      kind: 'quarantine',
      reason: 'It was stolen.',
      expiresAt: null,
      cause: 'revocation',
    } as const;
    const distrusted = await revokeKey(database.api, revocation, origin, TODAY, async (trx) => {
      await imposeRestriction(trx, { ...subject, ...why }, origin, TODAY);
    });
    expect(distrusted).toBe(true);
    const rows = await database.knex('restrictions').where({ subject_id: fingerprint });
    expect(rows).toMatchObject([{ kind: 'quarantine', lifted_at: null, imposed_told: false }]);
    const key = await database.knex('publisher_keys').where({ fingerprint }).first();
    expect(key).toMatchObject({ revoked_reason: 'compromised' });
  });

  test('is neither a lesser one, nor one that hosts count as told of', async () => {
    const fingerprint = createFingerprint('other');
    await expect(beforehand(fingerprint, { kind: 'delay' })).rejects.toThrow(
      /restrictions_revocation_withholds/,
    );
    await expect(beforehand(fingerprint, { imposed_told: true })).rejects.toThrow(/permission denied/);
  });
});
