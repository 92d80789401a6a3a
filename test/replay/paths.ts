import type { WorkflowHandle } from '@temporalio/client';
import { rolloutWorkflowId, formatVersionId } from '../../core/ids';
import { problem } from '../../core/errors/errors';
import { defaultGate } from '../../core/releases/rolloutPlan';
import { abort, evaluate, pause, resume } from '../../workflows/rollouts/messages';
import { decide } from '../../workflows/reviews/messages';
import { finaliseUpload, withdraw } from '../../workflows/releases/messages';
import type { OpinionState } from '../../core/rollouts/opinionStates';
import { createEvidence } from '../support/builders/evidence';
import { createSubmission } from '../support/builders/submission';
import { eventually } from '../support/waiting';
import type { WorkflowFixture } from '../support/workflows/fixture';

const DAY = 24 * 3_600_000;
const author = { actor: 'publisher:example', requestId: 'req-1' };
const operator = { actor: 'operator:olga', requestId: 'req-2' };

/** A release on its way, with what a path does to it. */
interface Run {
  fixture: WorkflowFixture;
  handle: WorkflowHandle;
  rollout: WorkflowHandle;
  upload(): Promise<unknown>;
  decide(decision: 'approve' | 'reject'): Promise<unknown>;
  /** Until an effect was carried out so many times. */
  effect(name: string, times?: number): Promise<void>;
}

/** Every way that a release can go, by name; each ends with the workflow. */
export const paths: Record<string, (run: Run) => Promise<unknown>> = {
  completed: rollOut,
  'rejected-by-scan': async (run) => {
    const problems = [problem('SCAN_REJECTED', 'dist/x.js holds the EICAR test file.')];
    run.fixture.script.scan = (scanner) => ({ scanner, verdict: 'fail', problems });
    await run.upload();
  },
  'held-by-scan': async (run) => {
    const verdict = (attempt: number) => (attempt < 3 ? 'inconclusive' : 'pass');
    run.fixture.script.scan = (scanner, attempt) => ({ scanner, verdict: verdict(attempt), problems: [] });
    await run.upload();
    await run.fixture.env.sleep('10m');
    await run.decide('approve');
  },
  'rejected-by-reviewer': async (run) => {
    await run.upload();
    await run.decide('reject');
  },
  expired: () => Promise.resolve(),
  'rolled-back': async (run) => {
    run.fixture.script.counters = (stage) => ({ installed: 50, failed: stage > 1 ? 50 : 0, rolledBack: 0 });
    await rollOut(run);
  },
  'paused-and-resumed': async (run) => {
    await rollOut(run);
    await run.effect('startStage');
    await run.rollout.signal(pause, run.fixture.command(operator));
    await run.effect('recordRolloutEvent');
    await run.rollout.signal(resume, run.fixture.command(operator));
  },
  'second-opinion': async (run) => {
    const { script } = run.fixture;
    let of: OpinionState = 'asking';
    script.evidence = ({ stage }) =>
      stage > 1 ? createEvidence(50, 50, 0) : createEvidence(6, 5, 1, { opinion: { state: of } });
    await rollOut(run);
    await run.effect('startStage');
    await run.rollout.signal(evaluate);
    await run.effect('evaluateStage');
    of = 'exhausted';
    await run.rollout.signal(evaluate);
    await run.effect('recordRolloutEvent');
    of = 'settled';
    await run.rollout.signal(resume, run.fixture.command(operator));
  },
  withdrawn: async (run) => {
    await run.upload();
    await run.fixture.untilState(run.handle, 'in_review');
    run.fixture.script.withdraw = () => ({ outcome: 'withdrawn', from: 'in_review' });
    await run.handle.executeUpdate(withdraw);
  },
  superseded: async (run) => {
    const { script } = run.fixture;
    const problems = [problem('VERSION_SUPERSEDED', '2.1.0 is out in the channel stable.')];
    script.counters = () => ({ installed: 0, failed: 0, rolledBack: 0 });
    script.plan.gate.maxHolds = 0;
    script.superseded = () => problems;
    await rollOut(run);
  },
  'superseded-before-listing': async (run) => {
    run.fixture.script.listingHold = () => ({ successor: '2.1.0' });
    await rollOut(run);
  },
  aborted: async (run) => {
    await rollOut(run);
    await run.effect('startStage');
    await run.rollout.signal(abort, run.fixture.command(operator));
  },
};

async function rollOut(run: Run): Promise<void> {
  await run.upload();
  await run.decide('approve');
}

/** Ways in which the rollout has a history of its own. */
const ROLLED_OUT = new Set([
  'completed',
  'held-by-scan',
  'rolled-back',
  'paused-and-resumed',
  'aborted',
  'second-opinion',
  'superseded',
]);

/** Takes one path to its end; returns the workflows whose histories tell it. */
export async function takePath(fixture: WorkflowFixture, name: string): Promise<WorkflowHandle[]> {
  await fixture.reset();
  // A few looks a stage keep the history short; the code is the same.
  fixture.script.plan = { ...fixture.script.plan, gate: { ...defaultGate, checkEveryMs: DAY } };
  return fixture.run(async () => {
    const run = await begin(fixture, name);
    await paths[name]!(run);
    await run.handle.result();
    return ROLLED_OUT.has(name) ? [run.handle, run.rollout] : [run.handle];
  });
}

async function begin(fixture: WorkflowFixture, name: string): Promise<Run> {
  const submission = createSubmission({ pluginId: `com.example.replay.${name}`, version: '2.0.0' });
  const { handle } = await fixture.publish(submission);
  const { pluginId, version, artefact } = submission.request;
  const base = { reviewer: 'rita', notes: 'Read.', actor: 'reviewer:rita', requestId: 'req-3' };
  const effect = async (wanted: string, times = 1): Promise<void> => {
    await eventually(`${wanted}, ${times} times`, () => {
      if (fixture.named(wanted).length < times) throw new Error(`${wanted} was not carried out.`);
    });
  };
  return {
    ...{ fixture, handle, effect },
    rollout: fixture.env.client.workflow.getHandle(rolloutWorkflowId(formatVersionId(pluginId, version))),
    upload: () => handle.executeUpdate(finaliseUpload, { args: [author] }),
    async decide(decision) {
      await fixture.untilState(handle, 'in_review');
      await effect('openReview');
      const recorded = { ...base, decision, packageSha256: artefact.sha256 };
      return handle.executeUpdate(decide, { args: [fixture.decisions.write(recorded)] });
    },
  };
}
