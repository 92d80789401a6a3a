import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { releaseWorkflowId } from '../../../core/ids';
import type { Prepared } from './author';
import { holdRelease, letGo } from './holds';
import { pluginIdOf, type Action, type UpgradeCase } from './plan';
import { BASE_VERSION, OLD_DATA, TENANT_WITH_DATA, describeVersion, toRolloutInput } from './rollouts';
import { awaitLine, awaitState, awaitThat, type Scene } from './scene';

/** Does what a case says, one after the other. @throws Error when something of it is refused or does not come about */
export async function act(scene: Scene, upgradeCase: UpgradeCase, actions: readonly Action[]): Promise<void> {
  for (const action of actions) await effects[action](scene, upgradeCase);
}

type Effect = (scene: Scene, upgradeCase: UpgradeCase) => Promise<unknown>;

const find = ({ prepared }: Scene, { name }: UpgradeCase): Prepared => {
  const found = prepared.get(name);
  if (!found) throw new Error(`${name} was not published`);
  return found;
};

const effects: Record<Action, Effect> = {
  publish: async (scene, each) => {
    if (each.fault === 'upgrade') await releaseBase(scene, each);
    await publish(scene, each);
  },
  sendFirstPart: (scene, each) => sendParts(scene, find(scene, each), [1]),
  finishUpload: (scene, each) => finishUpload(scene, find(scene, each)),
  awaitHold: (scene, each) => awaitHold(scene, each),
  awaitReview: (scene, each) => awaitState(scene, find(scene, each).versionId, 'in_review'),
  approve: (scene, each) => decide(scene, find(scene, each), 'approve'),
  reject: (scene, each) => decide(scene, find(scene, each), 'reject'),
  withdraw: (scene, each) => cancel(scene, find(scene, each)),
  // The first tenant has it, so there is something to take back.
  awaitStage: (scene, each) => awaitLine(scene, find(scene, each).versionId, 'install'),
  awaitState: (scene, each) => awaitState(scene, find(scene, each).versionId, each.state),
  pause: (scene, each) => scene.cast.operator.rollouts.pause(find(scene, each).versionId),
  resume: (scene, each) => scene.cast.operator.rollouts.resume(find(scene, each).versionId),
  abort: (scene, each) => scene.cast.operator.rollouts.abort(find(scene, each).versionId),
  letGo: (scene, each) =>
    each.hold ? letGo(scene.url, find(scene, each).versionId, each.hold) : Promise.resolve(),
  awaitEnd: (scene, each) => awaitState(scene, find(scene, each).versionId, each.ends),
};

async function publish(scene: Scene, each: UpgradeCase): Promise<void> {
  const { version, health } = describeVersion(each);
  const rollout = toRolloutInput(each.rollout, new Date());
  const prepared = await scene.author.prepare(pluginIdOf(each), version, rollout, health);
  scene.prepared.set(each.name, prepared);
  await scene.cast.publisher.releases.publish(prepared.request);
  await subscribe(scene, pluginIdOf(each));
  if (each.hold) await holdRelease(scene.url, prepared.versionId, each.hold);
}

const subscribe = ({ cast }: Scene, pluginId: string): Promise<unknown> =>
  Promise.all(cast.tenants.map(({ client }) => client.subscriptions.subscribe(pluginId)));

/** Sends the parts that are missing, all of them or those of these numbers. */
async function sendParts({ cast }: Scene, prepared: Prepared, numbers?: readonly number[]): Promise<void> {
  const { versionId, file, starts } = prepared;
  const { parts } = await cast.publisher.releases.readUploadPlan(versionId);
  for (const { number, bytes, put } of parts) {
    if (!put || (numbers && !numbers.includes(number))) continue;
    await cast.publisher.releases.uploadPart({ put, file, start: starts[number - 1] ?? 0, bytes });
  }
}

async function finishUpload(scene: Scene, prepared: Prepared): Promise<void> {
  await sendParts(scene, prepared);
  await scene.cast.publisher.releases.finaliseUpload(prepared.versionId);
}

const decide = ({ cast }: Scene, { versionId, request }: Prepared, decision: 'approve' | 'reject') =>
  cast.reviewer.reviews.decide(versionId, {
    decision,
    notes: 'Looked at around an upgrade.',
    packageSha256: request.artefact.sha256,
  });

const cancel = ({ temporal }: Scene, { versionId }: Prepared): Promise<unknown> =>
  temporal.workflow.getHandle(releaseWorkflowId(versionId)).cancel();

/** A held release stands where it should, and has met what holds it where that leaves a line. */
async function awaitHold(scene: Scene, each: UpgradeCase): Promise<void> {
  const { versionId } = find(scene, each);
  if (each.hold && 'scanner' in each.hold) await awaitLine(scene, versionId, 'scan_held');
  if (each.hold && 'to' in each.hold && each.hold.to === 'rolled_back')
    await awaitLine(scene, versionId, 'rolled_back_everywhere');
  await awaitState(scene, versionId, each.state);
}

/** A version before the one of the case, on all hosts; one of them has data that only the version before can read. */
async function releaseBase(scene: Scene, each: UpgradeCase): Promise<void> {
  const pluginId = pluginIdOf(each);
  const { health } = describeVersion(each);
  const base = await scene.author.prepare(
    pluginId,
    BASE_VERSION,
    toRolloutInput('short', new Date()),
    health,
  );
  await scene.cast.publisher.releases.publish(base.request);
  await subscribe(scene, pluginId);
  await finishUpload(scene, base);
  await awaitState(scene, base.versionId, 'in_review');
  await decide(scene, base, 'approve');
  await awaitState(scene, base.versionId, 'completed');
  await awaitRunning(scene, pluginId, BASE_VERSION);
  const data = path.join(scene.stateDir, 'hosts', TENANT_WITH_DATA, 'plugins', pluginId, 'data');
  await mkdir(data, { recursive: true });
  await writeFile(path.join(data, OLD_DATA), '{}\n');
}

/** Waits until every host says that it runs this version of a plugin, or none. */
export const awaitRunning = ({ cast }: Scene, pluginId: string, version: string | null): Promise<void> =>
  awaitThat(`${version ?? 'no version'} of ${pluginId} on every host`, async () => {
    const running = await Promise.all(cast.tenants.map(({ runs }) => runs(pluginId)));
    return running.every((each) => each === version);
  });
