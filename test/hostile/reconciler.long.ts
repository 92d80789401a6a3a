import { setTimeout as sleep } from 'node:timers/promises';
import { releaseWorkflowId, rolloutWorkflowId } from '../../core/ids';
import type { ReleaseState } from '../../core/releases/state';
import { startTestServers, type TestServers } from '../../infra/test/servers';
import { publishAndUpload } from '../support/builders/author';
import {
  openReleaseMarketplace,
  takeAndReport,
  type ReleaseMarketplace,
} from '../support/servers/releaseMarketplace';
import {
  attack,
  attacks,
  createPasses,
  isReleaseRunning,
  isRunning,
  listAlerts,
  readGains,
  readState,
  untilState,
  type Attack,
} from './support/lostRuns';

/**
 * Every state that a release can be held in, met with everything that whoever may write to the workflow engine can do.
 * Two minutes of passes later it stands where it stood, runs again, and goes on to the end that people choose.
 */
let servers: TestServers;
let setting: ReleaseMarketplace;
let pass: ReturnType<typeof createPasses>;
beforeAll(async () => {
  servers = await startTestServers(() => undefined);
  process.env.SPILLWAY_TEST_DATABASE_URL = servers.databaseUrl;
  process.env.SPILLWAY_TEST_TEMPORAL_ADDRESS = servers.temporalAddress;
  setting = await openReleaseMarketplace();
  pass = createPasses(setting.market);
});
afterAll(async () => {
  await setting?.stop();
  await servers?.stop();
});

/** A release that is held in a state, and how it comes to its end from there. */
interface Held {
  versionId: string;
  state: ReleaseState;
  /** Whether the release goes on by itself meanwhile, so that it may have ended. */
  moves?: boolean;
  goOn(): Promise<ReleaseState>;
}

const twoStages = {
  stages: [
    { percentage: 50, wait: '10m' },
    { percentage: 100, wait: '1s' },
  ],
  tenants: { allow: ['globex'], deny: [] },
};

async function hold(pluginId: string): Promise<Held> {
  const prepared = await setting.author.prepare(pluginId, '1.0.0');
  const { versionId } = await setting.publisher.releases.publish(prepared.request);
  return {
    ...{ versionId, state: 'uploading' },
    async goOn() {
      await publishAndUpload(setting.publisher, prepared);
      return 'in_review';
    },
  };
}

/** The database refuses to open reviews meanwhile. */
async function holdScanning(pluginId: string): Promise<Held> {
  const { db } = setting.market;
  await db.raw(
    `create or replace function hold() returns trigger as $$ begin raise 'held'; end $$ language plpgsql`,
  );
  await db.raw('create trigger hold before update on review_queue for each row execute function hold()');
  const prepared = await setting.author.prepare(pluginId, '1.0.0');
  const { versionId } = await publishAndUpload(setting.publisher, prepared);
  return {
    ...{ versionId, state: 'scanning' },
    async goOn() {
      await db.raw('drop trigger hold on review_queue');
      return 'in_review';
    },
  };
}

async function holdInReview(pluginId: string): Promise<Held> {
  const { versionId, packageSha256 } = await setting.submit(pluginId);
  return {
    ...{ versionId, state: 'in_review' },
    async goOn() {
      await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
      return 'completed';
    },
  };
}

async function holdRollingOut(pluginId: string): Promise<Held> {
  const { market, hosts, operator, reviewers } = setting;
  const { versionId, packageSha256 } = await setting.submit(pluginId, twoStages);
  await hosts.globex.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  await reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await until(() => market.db('rollout_stages').where({ version_id: versionId }).first());
  return {
    ...{ versionId, state: 'rolling_out' },
    async goOn() {
      await until(() => isRunning(market, rolloutWorkflowId(versionId)));
      await operator.rollouts.abort(versionId);
      return 'rolled_back';
    },
  };
}

async function holdPaused(pluginId: string): Promise<Held> {
  const { market, operator } = setting;
  const { versionId } = await holdRollingOut(pluginId);
  await operator.rollouts.pause(versionId);
  await untilState(market, versionId, 'paused');
  return {
    ...{ versionId, state: 'paused' },
    async goOn() {
      await until(() => isRunning(market, rolloutWorkflowId(versionId)));
      await operator.rollouts.resume(versionId);
      return 'rolling_out';
    },
  };
}

/** A tenant has the version, so the rollback waits for it until its deadline. */
async function holdRollingBack(pluginId: string): Promise<Held> {
  const { market, operator, hosts } = setting;
  const { versionId } = await holdRollingOut(pluginId);
  await takeAndReport(hosts.globex, pluginId, 1);
  await operator.rollouts.abort(versionId);
  const goesBack = { version_id: versionId, state: 'rolling_back' as const };
  await until(() => market.db('rollouts').where(goesBack).first());
  return {
    ...{ versionId, state: 'rolling_out', moves: true },
    goOn: () => Promise.resolve('rolled_back'),
  };
}

async function until(check: () => Promise<unknown>): Promise<void> {
  for (let left = 300; left > 0 && !(await check()); left -= 1) await sleep(100);
  expect(await check()).toBeTruthy();
}

/** Passes at 0, 1 and 2 minutes, each after the engine has done what it does by itself. */
async function heal(): Promise<number> {
  let restarted = 0;
  for (let minute = 0; minute <= 2 && restarted === 0; minute += 1) {
    await sleep(2_000);
    const tally = await pass();
    expect(tally.failed).toBe(0);
    restarted += tally.restarted;
  }
  return restarted;
}

async function survive(
  { versionId, state, moves, goOn }: Held,
  kind: Attack,
  workflowId: string,
): Promise<void> {
  const { market } = setting;
  const gains = await readGains(market, versionId);
  await attack(market, kind, workflowId);
  const restarted = await heal();
  if (!moves) {
    expect(restarted).toBe(1);
    expect(await readState(market, versionId)).toBe(state);
    expect(await isReleaseRunning(market, versionId)).toBe(true);
  }
  if (restarted > 0) expect(await listAlerts(market, versionId)).toEqual(['workflow_restarted']);
  expect(await readGains(market, versionId)).toEqual(gains);
  await untilState(market, versionId, await goOn());
}

const ofReleases: Record<string, (pluginId: string) => Promise<Held>> = {
  uploading: hold,
  scanning: holdScanning,
  'in-review': holdInReview,
};
const ofRollouts: Record<string, (pluginId: string) => Promise<Held>> = {
  'rolling-out': holdRollingOut,
  paused: holdPaused,
  'rolling-back': holdRollingBack,
};
const matrix = (rows: object) =>
  Object.keys(rows).flatMap((name) => attacks.map((kind) => [name, kind] as const));

test.each([...matrix(ofReleases), ...matrix(ofRollouts)])(
  'a release that is %s is right again after its workflow met with “%s”',
  async (name, kind) => {
    const held = await { ...ofReleases, ...ofRollouts }[name]!(`notes-${name}-${kind}`);
    await untilState(setting.market, held.versionId, held.state);
    await survive(held, kind, releaseWorkflowId(held.versionId));
  },
  120_000,
);

test.each(matrix(ofRollouts))(
  'a release that is %s is right again after its rollout met with “%s”',
  async (name, kind) => {
    const held = await ofRollouts[name]!(`notes-its-${name}-${kind}`);
    await untilState(setting.market, held.versionId, held.state);
    await survive(held, kind, rolloutWorkflowId(held.versionId));
  },
  120_000,
);
