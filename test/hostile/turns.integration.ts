import { randomUUID } from 'node:crypto';
import { limits } from '../../core/limits';
import { createAuthor, publishAndUpload, reach, type Author } from '../support/builders/author';
import { toRegister } from '../support/builders/keys';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { until } from '../support/waiting';

/** As many as a publisher may have uploading, beside those that are checked: more than a worker's places for checks. */
const RELEASES = limits.checkedAtOnce + limits.openUploads;
/** Costs no processor time and ends at its deadline only, which is two minutes. */
const WAITING = 'setInterval(() => undefined, 1_000);\n';

/** So many releases are published one after the other. */
jest.setTimeout(180_000);

let setting: ReleaseMarketplace;
let innocent: Author;
beforeAll(async () => {
  [setting, innocent] = await Promise.all([openReleaseMarketplace(), createAuthor()]);
  await countTurns();
});
afterAll(async () => {
  await innocent?.leave();
  await setting?.stop();
});

/** Lets the database itself write down how many releases of a publisher hold a turn, each time one takes it. */
async function countTurns(): Promise<void> {
  await setting.market.db.raw(`
    create table turns_taken (publisher_id text, releases bigint);
    create function count_turns() returns trigger language plpgsql security definer as $$ begin
      insert into turns_taken select publisher_id, count(distinct release_id) from check_turns
        where publisher_id = new.publisher_id and held_by is not null group by publisher_id;
      return null;
    end $$;
    create trigger count_turns after insert or update on check_turns
      for each row when (new.held_by is not null) execute function count_turns();`);
}

const readStates = (publisherId: string): Promise<string[]> =>
  setting.market.db('releases').where({ publisher_id: publisherId }).pluck('state');

test('a publisher whose health checks all wait holds up its own releases and nobody else’s', async () => {
  const { market, author, publisher, operator } = setting;
  const trials = market.db('check_turns').where({ check_name: 'compatibility' }).whereNotNull('held_by');
  for (let index = 0; index < RELEASES; index += 1) {
    const plugin = `waiting-${index}`;
    await publishAndUpload(publisher, await author.prepare(plugin, '1.0.0', undefined, WAITING, 120));
    const running = Math.min(index + 1, limits.checkedAtOnce);
    await until(`${running} health checks that wait`, async () => (await trials.clone()).length === running);
  }

  const { token } = await operator.identity.registerPublisher({ publisherId: 'globex', name: 'Globex' });
  const other = market.sdk(token);
  await other.keys.register(toRegister(innocent.key));
  const { versionId } = await publishAndUpload(
    other,
    await innocent.prepare(`notes-${randomUUID()}`, '1.0.0'),
  );
  expect(await reach(other, versionId, ['in_review', 'rejected'])).toBe('in_review');

  // Most of the others have not begun: not one of their packages is even verified.
  const states = await readStates('acme');
  expect(states).toHaveLength(RELEASES);
  expect(states.filter((state) => state === 'uploading').length).toBeGreaterThan(RELEASES / 2);
  const most = await market.db('turns_taken').max({ most: 'releases' }).groupBy('publisher_id');
  expect(most.map((each) => Number(each.most)).toSorted()).toEqual([1, limits.checkedAtOnce]);
});

test('whoever waits for its turn is told so', async () => {
  const { publisher } = setting;
  const { events } = await publisher.releases.readTimeline(`release:waiting-${RELEASES - 1}@1.0.0`);
  expect(events.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('Waiting for this publisher’s other checks'),
  );
});
