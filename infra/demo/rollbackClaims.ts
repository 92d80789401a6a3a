import { numbered, observeSubmission, untilHostsRun, listVerdicts } from './claims';
import type { PluginFolder } from './pluginFolder';
import { inWords, isInCatalogue, readRecord, takers, timeOfFirst, type ReleaseRecord } from './record';
import type { Stage } from './stage';

/** Hosts and rollout have five minutes to take a bad version back. */
const DEADLINE_SECONDS = 300;

/** Observes the release with the fault: it failed on its first tenants and was rolled back on all of them. */
export async function observeRolledBack(
  stage: Stage,
  plugin: PluginFolder,
  before: PluginFolder,
): Promise<void> {
  const { cast, observations, screen } = stage;
  const { title } = plugin;
  const ended = await cast.publisher.releases.read(plugin.versionId);
  if (ended.state === 'rolled_back') await untilHostsRun(stage, before, before.version);
  const record = await readRecord(cast, plugin);
  const { state } = record.release;
  screen.by('hosts', `asked what they run of ${plugin.name}: ${inWords(record.running)}`);
  await observeSubmission(stage, plugin, record);
  observations.note(title, 'it is rolled back', state === 'rolled_back', `state ${state}`);
  const verdicts = listVerdicts(record);
  const caught = verdicts.at(-1) === 'fail' && verdicts.slice(0, -1).every((each) => each === 'empty');
  observations.note(title, 'the first stage with tenants condemned it', caught, numbered(verdicts));
  await observeWithdrawal(stage, plugin);
  observeReturn(stage, title, record, before);
  await observeAlerts(stage, plugin, takers(record));
  observeTimeline(stage, title, record);
}

/** No tenant is offered it any longer, whether it had been or not. */
async function observeWithdrawal(
  { cast, observations }: Stage,
  { title, versionId }: PluginFolder,
): Promise<void> {
  const listed = await isInCatalogue(cast.publisher, versionId);
  const offers = await Promise.all(cast.tenants.map(({ client }) => client.rollouts.readStatus(versionId)));
  const offered = offers.filter(({ available }) => available).length;
  const evidence = `${offered} tenants are offered it; ${listed ? 'in' : 'not in'} the catalogue`;
  observations.note(title, 'its offer is withdrawn', offered === 0 && !listed, evidence);
}

function observeReturn(
  { observations }: Stage,
  title: string,
  record: ReleaseRecord,
  before: PluginFolder,
): void {
  const { running } = record;
  const took = takers(record);
  const back = took.length > 0 && [...running.values()].every((each) => each === before.version);
  const evidence = `took it: ${took.join(', ') || 'nobody'}; hosts asked: ${inWords(running)}`;
  observations.note(title, `every host that took it is back on ${before.version}`, back, evidence);
  const seconds = (timeOfFirst(record, 'rolled_back_everywhere') - timeOfFirst(record, 'install')) / 1000;
  const inTime = seconds <= DEADLINE_SECONDS;
  const claim = 'all were back within five minutes of the first failure';
  observations.note(title, claim, inTime, `${seconds.toFixed(1)} s`);
}

/** The publisher, the operators, and every tenant that took it. */
async function observeAlerts(
  { cast, observations }: Stage,
  { title, versionId }: PluginFolder,
  took: readonly string[],
): Promise<void> {
  const isOurs = (each: { kind: string; versionId: string | null }): boolean =>
    each.kind === 'rolled_back' && each.versionId === versionId;
  const [{ notifications }, { alerts }] = await Promise.all([
    cast.publisher.notifications.listForPublisher({ limit: 200 }),
    cast.operator.notifications.listAlerts({ limit: 200 }),
  ]);
  const publisher = notifications.filter(isOurs).length;
  const operators = alerts.filter(isOurs).length;
  observations.note(title, 'its publisher was alerted', publisher === 1, `inbox: ${publisher}`);
  observations.note(title, 'the operators were alerted', operators === 1, `alerts: ${operators}`);
  const told: string[] = [];
  for (const { id, client } of cast.tenants) {
    if ((await client.notifications.listForTenant({ limit: 200 })).notifications.some(isOurs)) told.push(id);
  }
  const all = took.length > 0 && took.every((tenant) => told.includes(tenant));
  observations.note(title, 'the tenants that took it were alerted', all, `inboxes: ${told.join(', ')}`);
}

/** Each line once, in order, with its time. */
function observeTimeline({ observations }: Stage, title: string, { events }: ReleaseRecord): void {
  const inOrder = events.every(
    ({ seq, at }, index) => seq === index + 1 && Date.parse(at) >= Date.parse(events[index - 1]?.at ?? at),
  );
  const evidence = `${events.length} entries from ${events[0]?.at} to ${events.at(-1)?.at}`;
  observations.note(title, 'its timeline has every step once and in order', inOrder, evidence);
}
