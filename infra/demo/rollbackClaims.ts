import type { Stage } from './carry';
import { observeSubmission, untilHostsRun, verdictsOf } from './claims';
import type { PluginFolder } from './pluginFolder';
import { inWords, isInCatalogue, readRecord, takers, timeOf, type ReleaseRecord } from './record';

/** Hosts and rollout have five minutes to take a bad version back. */
const DEADLINE_SECONDS = 300;

/** What is true of a release that hurt: caught by its first tenants, and back out of all of them. */
export async function observeRolledBack(
  stage: Stage,
  plugin: PluginFolder,
  before: PluginFolder,
): Promise<void> {
  const { cast, observations } = stage;
  const { versionId } = plugin;
  await untilHostsRun(stage, before, before.version);
  const record = await readRecord(cast, plugin);
  const { state } = record.release;
  await observeSubmission(stage, plugin, record);
  observations.note(`${versionId} is rolled back`, state === 'rolled_back', `state ${state}`);
  const verdicts = verdictsOf(record);
  const caught = verdicts.at(-1) === 'fail' && verdicts.slice(0, -1).every((each) => each === 'empty');
  const stages = verdicts.map((each, index) => `stage ${index + 1}: ${each}`).join(', ');
  observations.note(`the first stage with tenants condemned ${versionId}`, caught, stages);
  await observeWithdrawal(stage, plugin);
  observeReturn(stage, record, before);
  await observeAlerts(stage, versionId, takers(record));
  observeTimeline(stage, record);
}

/** No tenant is offered it any longer, whether it had been or not. */
async function observeWithdrawal({ cast, observations }: Stage, { versionId }: PluginFolder): Promise<void> {
  const listed = await isInCatalogue(cast.publisher, versionId);
  const offers = await Promise.all(cast.tenants.map(({ client }) => client.rollout(versionId)));
  const offered = offers.filter(({ available }) => available).length;
  const evidence = `${offered} tenants are offered it; ${listed ? 'in' : 'not in'} the catalogue`;
  observations.note(`the offer of ${versionId} is withdrawn`, offered === 0 && !listed, evidence);
}

function observeReturn({ observations }: Stage, record: ReleaseRecord, before: PluginFolder): void {
  const { running, release } = record;
  const took = takers(record);
  const back = [...running.values()].every((each) => each === before.version);
  const evidence = `took it: ${took.join(', ') || 'nobody'}; hosts asked: ${inWords(running)}`;
  observations.note(`every host is on ${before.versionId}`, back && took.length > 0, evidence);
  const seconds = (timeOf(record, 'rolled_back_everywhere') - timeOf(record, 'install')) / 1000;
  const claim = `${release.versionId} was taken back within five minutes of its first failure`;
  observations.note(claim, seconds <= DEADLINE_SECONDS, `${seconds.toFixed(1)} s`);
}

/** The publisher, the operators, and every tenant that took it. */
async function observeAlerts(
  { cast, observations }: Stage,
  versionId: string,
  took: string[],
): Promise<void> {
  const isOurs = (each: { kind: string; versionId: string }): boolean =>
    each.kind === 'rolled_back' && each.versionId === versionId;
  const [{ notifications }, { alerts }] = await Promise.all([
    cast.publisher.inbox({ limit: 200 }),
    cast.operator.alerts({ limit: 200 }),
  ]);
  const publisher = notifications.filter(isOurs).length;
  const operators = alerts.filter(isOurs).length;
  observations.note(`the publisher was alerted of ${versionId}`, publisher === 1, `inbox: ${publisher}`);
  observations.note(`the operators were alerted of ${versionId}`, operators === 1, `alerts: ${operators}`);
  const told: string[] = [];
  for (const { id, client } of cast.tenants) {
    if ((await client.notifications({ limit: 200 })).notifications.some(isOurs)) told.push(id);
  }
  const all = took.length > 0 && took.every((tenant) => told.includes(tenant));
  observations.note(`the tenants that took ${versionId} were alerted`, all, `inboxes: ${told.join(', ')}`);
}

/** Each line once, in order, with its time. */
function observeTimeline({ observations }: Stage, { events, release }: ReleaseRecord): void {
  const inOrder = events.every(
    ({ seq, at }, index) => seq === index + 1 && Date.parse(at) >= Date.parse(events[index - 1]?.at ?? at),
  );
  const evidence = `${events.length} lines from ${events[0]?.at} to ${events.at(-1)?.at}`;
  observations.note(`the timeline of ${release.versionId} is in order`, inOrder, evidence);
}
