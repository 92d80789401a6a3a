import { randomUUID } from 'node:crypto';
import { claimTurn, endTurn, type TurnRequest } from '../../../../adapters/db/releases/checkTurns';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { DAY } from '../../../../core/duration';
import { limits } from '../../../../core/limits';
import { createFingerprint } from '../../../support/builders/digests';
import { addPublisher } from '../../../support/builders/identities';
import { createPublishRequest, createSubmission, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let count = 0;

const at = (seconds: number): Date => new Date(TODAY.getTime() + seconds * 1000);

/** A publisher with so many releases, each submitted a second after the one before. */
async function submit(releases: number): Promise<TurnRequest[]> {
  const publisherId = `publisher-${(count += 1)}`;
  await addPublisher(database.knex, publisherId);
  const turns: TurnRequest[] = [];
  for (let index = 0; index < releases; index += 1) {
    const version = `1.${index}.0`;
    const artefact = { ...createPublishRequest().artefact, signedBy: createFingerprint(publisherId) };
    const submission = createSubmission({ pluginId: publisherId, version, artefact }, { publisherId });
    const { release } = await registerSubmission(
      database.worker,
      submission,
      { slaMs: 1, uploadTimeoutMs: DAY },
      at(index),
    );
    turns.push({ releaseId: release.releaseId, publisherId, check: 'secrets', attempt: randomUUID() });
  }
  return turns;
}

const claim = (request: TurnRequest, now = at(60), until = at(600)) =>
  claimTurn(database.worker, request, { now, until }).then(({ outcome }) => outcome);

const claimEach = async (requests: readonly TurnRequest[]): Promise<string[]> => {
  const outcomes: string[] = [];
  for (const each of requests) outcomes.push(await claim(each));
  return outcomes;
};

test('releases that ask at one moment are not given more turns than there are', async () => {
  const requests = await submit(12);
  const outcomes = await Promise.all(requests.map((each) => claim(each)));
  expect(outcomes.filter((outcome) => outcome === 'granted')).toHaveLength(limits.checkedAtOnce);
});

test('one publisher’s turns are no other’s', async () => {
  await claimEach(await submit(3));
  expect(await claimEach(await submit(1))).toEqual(['granted']);
});

test('a turn that is given back is the next one’s in the order of submission', async () => {
  const [first, second, third, fourth] = await submit(4);
  expect(await claimEach([first!, second!, fourth!, third!])).toEqual([
    'granted',
    'granted',
    'waiting',
    'waiting',
  ]);
  await endTurn(database.worker, first!);
  expect(await claimEach([fourth!, third!, fourth!])).toEqual(['waiting', 'granted', 'waiting']);
});

test('an attempt that was killed gives its turn to the next attempt, which the killed one cannot take from it', async () => {
  const [first, second, third] = await submit(3);
  await claimEach([first!, second!]);
  const again = { ...first!, attempt: randomUUID() };
  expect(await claim(again)).toBe('granted');
  await endTurn(database.worker, first!);
  expect(await claim(third!)).toBe('waiting');
  await endTurn(database.worker, again);
  expect(await claim(third!)).toBe('granted');
});

test('a turn that nobody gives back ends with the time of its attempt', async () => {
  const [first, second, third] = await submit(3);
  await claimEach([first!, second!]);
  expect(await claim(third!, at(599))).toBe('waiting');
  expect(await claim(third!, at(601), at(1_200))).toBe('granted');
});

test('a release that has ended holds no turn and is before nobody', async () => {
  const [first, second, third, fourth] = await submit(4);
  await claimEach([first!, second!, third!]);
  const ended = [first!.releaseId, third!.releaseId];
  await database.knex('releases').whereIn('id', ended).update({ state: 'withdrawn' });
  expect(await claim(fourth!)).toBe('granted');
});

test('that a release waits stands on its timeline, once', async () => {
  const [first, second, third] = await submit(3);
  await claimEach([first!, second!, third!, third!]);
  const lines = await database
    .knex('timeline')
    .where({ kind: 'scan_held' })
    .whereIn(
      'release_id',
      [first, second, third].map((each) => each!.releaseId),
    );
  expect(lines).toMatchObject([
    { release_id: third!.releaseId, text: expect.stringContaining('Waiting for') },
  ]);
});
