import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../../core/errors/errors';
import type { RolloutInput } from '../../../contracts/releases/rolloutInput';
import { releaseWorkflowId } from '../../../core/ids';
import { stageQuery } from '../../../workflows/releases/messages';
import { publishAndUpload, type Prepared } from '../../support/builders/author';
import { whileStruck, type Glimpse, type Phase, type Trial } from './cases';
import { until } from '../../support/waiting';

/** `acme` alone in the first stage, everyone in the second; long enough that nobody is called to a slow restart. */
const rollout: RolloutInput = {
  stages: [
    { percentage: 0.01, wait: '8s' },
    { percentage: 100, wait: '8s' },
  ],
  tenants: { allow: ['acme'], deny: [] },
};

/** The last stage lasts, so that a rollout that was struck is looked at while a stage is running. */
const lastingRollout: RolloutInput = {
  ...rollout,
  stages: [rollout.stages![0]!, { percentage: 100, wait: '30s' }],
};

/** Healthy on every host that does not hold data of old: the fault that only a tenant's own data shows. */
const HEALTH = `const { existsSync } = require('node:fs');
const old = existsSync(process.env.PX_PLUGIN_DATA + '/old-data.json');
process.exit(old && process.env.PX_PLUGIN_VERSION !== '1.0.0' ? 1 : 0);
`;

/** The version that was struck, and what was seen of it right afterwards. */
interface Driven {
  versionId: string;
  glimpse?: Glimpse;
}

/** Brings a release into a phase, strikes there, and lets it go on. */
export const drivers: Record<Phase, (trial: Trial) => Promise<Driven>> = {
  upload: async (trial) => {
    const prepared = await prepare(trial, '1.0.0');
    await trial.exclusively((strike) => uploadAround(trial, prepared, strike));
    await approve(trial, prepared);
    return { versionId: formatVersionId(prepared) };
  },
  scan: async (trial) => {
    const prepared = await prepare(trial, '1.0.0');
    await trial.exclusively(async (strike) => {
      await submit(trial, prepared);
      await untilState(trial, prepared, 'scanning');
      strike();
    });
    await approve(trial, prepared);
    return { versionId: formatVersionId(prepared) };
  },
  review: async (trial) => {
    const prepared = await prepare(trial, '1.0.0');
    await submit(trial, prepared);
    await untilState(trial, prepared, 'in_review');
    await trial.exclusively(async (strike) => {
      strike();
      // While it is down: the decision arrives by the client's own repetitions.
      await approve(trial, prepared);
    });
    return { versionId: formatVersionId(prepared) };
  },
  rollout: async (trial) => {
    const prepared = await prepare(trial, '1.0.0', lastingRollout);
    const versionId = formatVersionId(prepared);
    await submit(trial, prepared);
    await untilState(trial, prepared, 'in_review');
    await trial.exclusively(async (strike) => {
      await approve(trial, prepared);
      await until('the first stage', () => isRolling(trial, versionId), whileStruck);
      if (trial.component === 'host-acme') await installing(trial, 'acme');
      strike();
    });
    return { versionId, glimpse: await until('a look', () => readGlimpse(trial, versionId), whileStruck) };
  },
  rollback: async (trial) => {
    const base = await prepare(trial, '1.0.0');
    await submit(trial, base);
    await approve(trial, base);
    await untilState(trial, base, 'completed');
    // One failure of few is not enough to take a version back from everybody: two are.
    await leaveOldData(trial, 'globex');
    await leaveOldData(trial, 'initech');
    const faulty = await prepare(trial, '1.1.0');
    await submit(trial, faulty);
    await untilState(trial, faulty, 'in_review');
    await trial.exclusively(async (strike) => {
      await approve(trial, faulty);
      await until('the rollback', () => isRollingBack(trial, formatVersionId(faulty)), whileStruck);
      strike();
    });
    return { versionId: formatVersionId(faulty) };
  },
};

const formatVersionId = ({ request }: Prepared): string => `${request.pluginId}@${request.version}`;

const prepare = ({ real, pluginId }: Trial, version: string, plan = rollout): Promise<Prepared> =>
  real.author.prepare(pluginId, version, plan, HEALTH);

/** What the workflow tells of its stage, once the rollout has told it, and who is offered the version. */
async function readGlimpse({ real }: Trial, versionId: string): Promise<Glimpse | undefined> {
  const stage = await real.temporal.workflow.getHandle(releaseWorkflowId(versionId)).query(stageQuery);
  if (!stage) return undefined;
  const answers = Object.entries(real.tenants).map(async ([tenant, client]) => {
    const { available } = await client.rollouts.readStatus(versionId);
    return available ? [tenant] : [];
  });
  return { stage, offeredTo: (await Promise.all(answers)).flat() };
}

/** Publishes, subscribes every tenant, and sends the parts. */
async function submit({ real, pluginId }: Trial, prepared: Prepared): Promise<void> {
  await real.publisher.releases.publish(prepared.request);
  await subscribe(real.tenants, pluginId);
  await publishAndUpload(real.publisher, prepared);
}

const subscribe = (tenants: Trial['real']['tenants'], pluginId: string) =>
  Promise.all(Object.values(tenants).map((tenant) => tenant.subscriptions.subscribe(pluginId)));

/** Strikes after the first part; the other parts and the finalising are sent into the outage. */
async function uploadAround({ real, pluginId }: Trial, prepared: Prepared, strike: () => void) {
  const { request, file, starts } = prepared;
  const { versionId } = await real.publisher.releases.publish(request);
  await subscribe(real.tenants, pluginId);
  const { parts } = await real.publisher.releases.readUploadPlan(versionId);
  for (const [index, { number, bytes, put }] of parts.entries()) {
    if (put) await real.publisher.releases.uploadPart({ put, file, start: starts[number - 1] ?? 0, bytes });
    if (index === 0) strike();
  }
  await real.publisher.releases.finaliseUpload(versionId);
}

/** Decides; a repetition that finds its own first try carried out is content. */
async function approve(trial: Trial, prepared: Prepared): Promise<void> {
  const versionId = formatVersionId(prepared);
  await until('the review', () => hasOpenReview(trial, versionId), whileStruck);
  const packageSha256 = prepared.request.artefact.sha256;
  try {
    await trial.real.reviewer.reviews.decide(versionId, { decision: 'approve', packageSha256 });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'REVIEW_CLOSED') throw error;
  }
}

const hasOpenReview = async ({ real }: Trial, versionId: string): Promise<boolean> => {
  const { state } = await real.publisher.releases.read(versionId);
  return state === 'in_review';
};

async function untilState({ real }: Trial, prepared: Prepared, wanted: string): Promise<void> {
  const publishId = `release:${formatVersionId(prepared)}`;
  await until(
    `${publishId} ${wanted}`,
    async () => {
      const states = await real.db('releases').where({ publish_id: publishId }).pluck<string[]>('state');
      return states.includes(wanted);
    },
    whileStruck,
  );
}

const isRolling = async ({ real }: Trial, versionId: string): Promise<boolean> =>
  (await real.db('rollout_stages').where({ version_id: versionId, stage: 1 })).length === 1;

const isRollingBack = async ({ real }: Trial, versionId: string): Promise<boolean> =>
  (await real.db('rollouts').where({ version_id: versionId, state: 'rolling_back' })).length === 1;

/** Waits until the host has begun to write an installation. */
const installing = ({ real }: Trial, tenant: string) =>
  until(
    'an installation',
    async () => (await readdir(path.join(real.stateDir, 'hosts', tenant, 'staging'))).length > 0,
    whileStruck,
  );

async function leaveOldData({ real, pluginId }: Trial, tenant: string): Promise<void> {
  const folder = path.join(real.stateDir, 'hosts', tenant, 'plugins', pluginId);
  await until('an installation', async () => (await readdir(folder)).includes('active'), whileStruck);
  await mkdir(path.join(folder, 'data'), { recursive: true });
  await writeFile(path.join(folder, 'data', 'old-data.json'), '{}\n');
}
