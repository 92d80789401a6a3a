import type { Client } from '../../../sdk/client';
import { reach } from '../../support/builders/author';
import {
  failedReport,
  join,
  openReleaseMarketplace,
  takeAndReport,
  type ReleaseMarketplace,
} from '../../support/servers/releaseMarketplace';
import { until } from '../../support/waiting';

let setting: ReleaseMarketplace;
beforeAll(async () => {
  setting = await openReleaseMarketplace();
});
afterAll(() => setting.stop());

interface Offered {
  pluginId: string;
  versionId: string;
  hosts: Map<string, Client>;
}

/** A version on offer to all of some tenants, in its only stage, which lasts so long. */
async function offer(pluginId: string, names: readonly string[], wait: string): Promise<Offered> {
  const { versionId, packageSha256 } = await setting.submit(pluginId, {
    stages: [{ percentage: 100, wait }],
  });
  const hosts = new Map<string, Client>();
  for (const name of names) hosts.set(name, await join(setting, `${pluginId}-${name}`, pluginId));
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(setting.publisher, versionId, ['rolling_out']);
  const [first] = hosts.values();
  await until('the offer', async () => (await first!.rollouts.readStatus(versionId)).available);
  return { pluginId, versionId, hosts };
}

/** Who of some tenants may download the version, by the status that each asks for, which takes nothing. */
async function listInvited({ hosts, versionId }: Offered, among: ReadonlySet<string>): Promise<string[]> {
  const invited: string[] = [];
  for (const name of among) {
    if ((await hosts.get(name)!.rollouts.readStatus(versionId)).available) invited.push(name);
  }
  return invited;
}

/** The tenant whose turn it is, once it is the only one that is invited. */
const untilTurn = (offered: Offered, among: ReadonlySet<string>): Promise<string> =>
  until('one tenant alone that is invited', async () => {
    const invited = await listInvited(offered, among);
    return invited.length === 1 ? invited[0] : undefined;
  });

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

test('after one failure one further tenant at a time sees the offer, and after three successes the rollout goes on to its end', async () => {
  const offered = await offer('notes-asked', names, '3s');
  const { pluginId, hosts, versionId } = offered;
  await takeAndReport(hosts.get('a')!, pluginId, 1, failedReport);
  const left = new Set(names.slice(1));
  for (let turn = 1; turn <= 3; turn += 1) {
    const name = await untilTurn(offered, left);
    left.delete(name);
    const [stranger] = left;
    const refused = hosts.get(stranger!)!.installations.requestDownload(pluginId, '1.0.0');
    await expect(refused).rejects.toMatchObject({ code: 'NOT_IN_STAGE' });
    await takeAndReport(hosts.get(name)!, pluginId, 1);
  }
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe('completed');
  expect(await listInvited(offered, left)).toEqual([...left]);
  const { events } = await setting.publisher.releases.readTimeline(`release:${versionId}`);
  const texts = events.map(({ text }) => text).join(' ');
  expect(texts).toContain('notes-asked-a failed, one of few');
  expect(texts).toContain('The second opinion is settled: 3 installed and 1 failed.');
});

test('a second failure takes the version back, though nobody else was asked', async () => {
  const offered = await offer('notes-refuted', names, '1d');
  const { pluginId, hosts, versionId } = offered;
  await takeAndReport(hosts.get('a')!, pluginId, 1, failedReport);
  const turn = await untilTurn(offered, new Set(names.slice(1)));
  await takeAndReport(hosts.get(turn)!, pluginId, 1, failedReport);
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back'])).toBe('rolled_back');
  const took = setting.market.db('download_grants').where({ version_id: versionId }).pluck('tenant_id');
  expect((await took).sort()).toEqual([`${pluginId}-a`, `${pluginId}-${turn}`].sort());
});

test('with nobody left to ask, one failure of two takes the version back', async () => {
  const { pluginId, hosts, versionId } = await offer('notes-halved', ['a', 'b'], '1d');
  await takeAndReport(hosts.get('b')!, pluginId, 1);
  await takeAndReport(hosts.get('a')!, pluginId, 1, failedReport);
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe(
    'rolled_back',
  );
});

test('with nobody left to ask, one failure of three waits for an operator, whose resuming lets it go on to its end', async () => {
  const { pluginId, hosts, versionId } = await offer('notes-unclear', ['a', 'b', 'c'], '3s');
  for (const name of ['b', 'c']) await takeAndReport(hosts.get(name)!, pluginId, 1);
  await takeAndReport(hosts.get('a')!, pluginId, 1, failedReport);
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe('paused');
  await setting.operator.rollouts.resume(versionId);
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back'])).toBe('completed');
});
