import { randomUUID } from 'node:crypto';
import { limits } from '../../core/limits';
import { createAuthor, publishAndUpload, reach, type Author } from '../support/builders/author';
import { toRegister } from '../support/builders/keys';
import { runCli } from '../support/cli/runCli';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/waiting';

/** As many as a publisher may have uploading, beside those that are checked: more than a worker's places for checks. */
const RELEASES = limits.checkedAtOnce + limits.openUploads;
/** Costs no processor time and ends at its deadline only, which is two minutes. */
const WAITING = 'setInterval(() => undefined, 1_000);\n';

/** Versions of a few plugins, as a publisher reserves few. */
const nameOf = (index: number): [pluginId: string, version: string] => [
  `waiting-${index % 5}`,
  `1.${index}.0`,
];

/** So many releases are published one after the other. */
jest.setTimeout(180_000);

const folder = temporaryFolder('turns');
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
    const [plugin, version] = nameOf(index);
    await publishAndUpload(publisher, await author.prepare(plugin, version, undefined, WAITING, 120));
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
  const { events } = await publisher.releases.readTimeline(`release:${nameOf(RELEASES - 1).join('@')}`);
  expect(events.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('Waiting for this publisher’s other checks'),
  );
});

test('whoever waits for its turn, or is being checked, is withdrawn at once by its author, and the next has its turn', async () => {
  const { market, publisher, operator } = setting;
  const { token } = await operator.identity.issueToken('publisher', 'acme');
  const env = { PX_MARKETPLACE_API_URL: market.url, PX_MARKETPLACE_TOKEN: token };
  const versionId = (index: number) => nameOf(index).join('@');
  const withdraw = (index: number) =>
    runCli(['withdraw', versionId(index)], { cwd: folder, env: { ...env } });
  const read = async (index: number) => (await publisher.releases.read(versionId(index))).state;
  // Two hold a turn, the others wait: what is withdrawn of them is before nobody.
  const last = RELEASES - 1;
  const after = limits.checkedAtOnce + 1;
  for (let index = limits.checkedAtOnce; index < last; index += 1) {
    if (index === after) continue;
    expect((await withdraw(index)).out).toContain(`${versionId(index)} is withdrawn`);
    expect(await read(index)).toBe('withdrawn');
  }
  expect((await withdraw(0)).exit).toBe(0);
  await until('the turn of the next that waits', async () => (await read(after)) === 'scanning');
  expect(await read(last)).toBe('uploading');
});
