import { releaseWorkflowId } from '../../../core/ids';
import { startRealStack, type RealStack } from '../../support/servers/realStack';
import {
  halfInstalled,
  readInbox,
  leaves,
  readRecords,
  listRuns,
  stagedOn,
  expectedTransitions,
  untilInstalled,
} from './aftermath';
import { components, namePlugin, whileStruck, type Case, type Glimpse, type Observed } from './cases';
import { createRunner, formatTable } from './run';
import { createLimit } from '../../../platform/limit';
import { until } from '../../support/waiting';

const TENANTS = ['acme', 'globex', 'initech'];
/** Releases under way at once: enough to keep the stack busy while one waits for its stages. */
const AT_ONCE = 5;

let real: RealStack;
const outcomes = new Map<string, Promise<Observed>>();
/** What was seen of a case, once no component is struck any more: the checks themselves ask all of them. */
async function readOutcome(each: Case): Promise<Observed> {
  await Promise.allSettled(outcomes.values());
  return outcomes.get(namePlugin(each))!;
}

const TITLES: Record<Case['phase'], string> = {
  upload: 'during the upload: parts and finalising arrive by the client’s repetitions',
  scan: 'during the scan: each scanner’s verdict is there once',
  review: 'during the review: the wait for a person goes on and the decision is taken once [REV-04]',
  rollout: 'during the rollout: timers go on, and who was in stays in [RLO-07] [RLO-14] [RLO-17]',
  rollback: 'during the rollback: every host returns within five minutes and all are told once [ACC-08]',
};

/** Declares the tests of these cases: all run on one stack, side by side, and one component is struck at a time. */
export function testFaults(chosen: readonly Case[]): void {
  jest.setTimeout(900_000);
  const chosenComponents = components.filter((name) => chosen.some(({ component }) => component === name));

  beforeAll(async () => {
    real = await startRealStack({
      SPILLWAY_TENANTS: TENANTS.join(','),
      SPILLWAY_POLL_SECONDS: '1',
      SPILLWAY_SCAN_RETRY: '1s',
    });
    const run = createRunner(real);
    const limited = createLimit(AT_ONCE);
    for (const each of chosen) {
      const outcome = limited(() => run(each));
      // Its own test tells of a failure.
      outcome.catch(() => undefined);
      outcomes.set(namePlugin(each), outcome);
    }
  });

  afterAll(async () => {
    const settled = await Promise.allSettled(outcomes.values());
    process.stdout.write(
      formatTable(settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))),
    );
    await real?.stop();
  });

  describe.each(chosenComponents)(
    'a release goes on as if nothing had happened after kill -9 of %s',
    (component) => {
      test.each(
        chosen.filter((each) => each.component === component).map((each) => [TITLES[each.phase], each]),
      )('%s', async (_, each) => {
        const { versionId, killedAt, glimpse } = await readOutcome(each);
        await expectOneOfEach(versionId, each, killedAt);
        await expectWholeInstallations(each);
        await expectOneMessageEach(versionId, each);
        if (each.phase === 'rollout') await expectStages(versionId, glimpse);
        if (each.phase === 'rollback') await expectReturned(versionId);
      });
    },
  );

  test('no host is left with an unfinished job once all is over', async () => {
    await Promise.allSettled(outcomes.values());
    for (const tenant of TENANTS)
      await until(`order on ${tenant}`, async () => (await stagedOn(real, tenant)).length === 0, whileStruck);
  });
}

/** One workflow, one version, and every transition once; the blow fell within its phase. */
async function expectOneOfEach(versionId: string, { phase }: Case, killedAt: Date): Promise<void> {
  const records = await readRecords(real, versionId);
  expect({ versions: records.versions, releases: records.releases }).toEqual({ versions: 1, releases: 1 });
  expect(records.transitions.map(({ step }) => step)).toEqual(expectedTransitions(phase));
  const left = records.transitions.find(({ step }) => step === leaves[phase])!;
  expect(left.at.getTime()).toBeGreaterThan(killedAt.getTime());
  await until(
    'the end of the workflow',
    async () => (await listRuns(real, releaseWorkflowId(versionId))).includes('COMPLETED'),
    whileStruck,
  );
  expect(await listRuns(real, releaseWorkflowId(versionId))).toEqual(['COMPLETED']);
  const scans = await real
    .db('scans')
    .where('release_id', real.db('releases').where({ version_id: versionId }).select('id'));
  expect(scans.every(({ verdict }) => verdict === 'pass')).toBe(true);
}

async function expectWholeInstallations(each: Case): Promise<void> {
  for (const tenant of TENANTS) {
    const folder = await untilInstalled(real, tenant, namePlugin(each), '1.0.0');
    expect(await halfInstalled(folder)).toEqual([]);
  }
}

async function expectOneMessageEach(versionId: string, { phase }: Case): Promise<void> {
  await until('delivery', async () => (await readRecords(real, versionId)).undelivered === 0, whileStruck);
  const { messages } = await readRecords(real, versionId);
  expect(messages).toEqual([...new Set(messages)]);
  for (const tenant of TENANTS) {
    const kinds = await readInbox(real, tenant, versionId);
    expect(kinds.filter((kind) => kind === 'version_listed')).toHaveLength(1);
    expect(kinds).toEqual([...new Set(kinds)]);
  }
  if (phase !== 'rollback') return;
  expect(await readInbox(real, 'acme', versionId)).toContain('rolled_back');
  expect(messages.filter((each) => each.startsWith('rolled_back to publisher'))).toHaveLength(1);
}

/**
 * In mid-stage, after the blow, the query told of the stage as the database did, and whoever was in the
 * first cohort was still in. The second stage had waited for the first one's time.
 */
async function expectStages(versionId: string, glimpse: Glimpse | undefined): Promise<void> {
  const { stages } = await readRecords(real, versionId);
  expect(stages.map(({ stage, verdict }) => [stage, verdict])).toEqual([
    [1, 'pass'],
    [2, 'pass'],
  ]);
  expect(stages[1]!.started_at.getTime()).toBeGreaterThanOrEqual(stages[0]!.ends_at.getTime());
  const row = stages.find(({ stage }) => stage === glimpse?.stage.stage);
  const startedAt = row?.started_at.toISOString();
  expect(glimpse?.stage).toMatchObject({ state: 'active', stages: 2, startedAt });
  expect(glimpse?.offeredTo).toContain('acme');
  expect(await real.tenants.acme!.rollouts.readStatus(versionId)).toMatchObject({ available: true });
}

async function expectReturned(versionId: string): Promise<void> {
  const { events } = await real.publisher.releases.readTimeline(`release:${versionId}`);
  const at = (kind: string) => Date.parse(events.find((each) => each.kind === kind)?.at ?? '');
  const lines = events.filter(({ kind }) => kind === 'offer_withdrawn' || kind === 'rolled_back_everywhere');
  expect(lines.map(({ kind }) => kind)).toEqual(['offer_withdrawn', 'rolled_back_everywhere']);
  expect(at('rolled_back_everywhere') - at('offer_withdrawn')).toBeLessThan(5 * 60_000);
  for (const tenant of TENANTS) {
    await expect(real.tenants[tenant]!.rollouts.readStatus(versionId)).resolves.toMatchObject({
      available: false,
    });
  }
}
