import { installFailed } from '../../core/installations/notices';
import { describeReport } from '../../core/installations/timeline';
import { plural } from '../../core/plural';
import { releaseEnded, versionListed } from '../../core/releases/notices';
import { describeNotified, describeTransition, describeVerifiedUpload } from '../../core/releases/timeline';
import { reviewDelayed } from '../../core/reviews/notices';
import { describeDecision, describeOpenedReview } from '../../core/reviews/timeline';
import { describeEvent, describeSteering } from '../../core/rollouts/events';
import { rolledBack } from '../../core/rollouts/notices';
import {
  describeAlert,
  describeHold,
  describeOperatorNeeded,
  describeRollbackEnd,
  describeStageEnd,
  describeStageStart,
  describeVerdict,
  describeWithdrawal,
} from '../../core/rollouts/timeline';
import type { Judgement } from '../../core/rollouts/verdict';
import { createEvidence } from '../support/builders/evidence';

const subject = { pluginId: 'notes', version: '2.0.0', versionId: 'notes@2.0.0' };

test('a count is followed by one thing or several', () => {
  expect([0, 1, 3].map((count) => plural(count, 'tenant is', 'tenants are'))).toEqual([
    '0 tenants are',
    '1 tenant is',
    '3 tenants are',
  ]);
  expect(plural(2, 'file')).toBe('2 files');
});

describe('The timeline of a release', () => {
  test('names what was reached, and why', () => {
    expect(describeTransition('uploading', 'scanning')).toBe(
      'The upload is complete; the package is being scanned.',
    );
    expect(describeTransition('paused', 'rolling_out')).toBe('The rollout resumed.');
    expect(describeTransition('in_review', 'rejected', 'No changelog.')).toBe(
      'The release was rejected: No changelog.',
    );
  });

  test('counts files and people', () => {
    expect(describeVerifiedUpload({ files: 1, bytes: 2, fingerprint: 'AB' }).text).toBe(
      'The package was verified: 1 file, signed with the key AB.',
    );
    expect(describeNotified(1).text).toBe('1 subscribed tenant was notified.');
    expect(describeNotified(2).text).toBe('2 subscribed tenants were notified.');
    expect(describeAlert(1).text).toBe(
      'The publisher, the operators and 1 tenant were notified of the rollback.',
    );
  });

  test('says when a decision is due, and who decided what', () => {
    expect(describeOpenedReview(14_400_000, '2026-05-01T00:00:00Z').text).toBe(
      'The review is open; a decision is due within 4 h.',
    );
    expect(describeDecision({ decision: 'approve', reviewer: 'ada', notes: '' })).toMatchObject({
      text: 'ada approved the release.',
      actor: 'reviewer:ada',
    });
    expect(describeDecision({ decision: 'reject', reviewer: 'ada', notes: 'Too broad.' }).text).toBe(
      'ada rejected the release: Too broad.',
    );
  });

  test('says to how many a stage is offered', () => {
    const started = { stage: 1, stages: 3, basisPoints: 1_000, endsAt: '2026-05-01T00:00:00Z' };
    expect(describeStageStart({ ...started, cohort: 1 }, 'spillway').text).toBe(
      'Stage 1 of 3 started: 10 % of tenants, 1 tenant in its cohort.',
    );
    expect(describeStageStart({ ...started, cohort: 0 }, 'spillway').text).toBe(
      'Stage 1 of 3 started: 10 % of tenants, no tenants in its cohort.',
    );
  });

  test('says how a stage was judged, by which numbers, and what follows', () => {
    const judge = (judgement: Judgement) => ({
      stage: 2,
      judgement,
      evidence: createEvidence(10, 7, 2),
    });
    const numbers = '(7 installed, 2 failed, 10 in the cohort)';
    expect(describeVerdict(judge('pass'))).toBe(`Stage 2 passed ${numbers}.`);
    expect(describeVerdict(judge('fail'))).toBe(`Stage 2 failed ${numbers}.`);
    expect(describeVerdict(judge('empty'))).toBe(
      'Stage 2 had no tenant in its cohort and does not count as evidence.',
    );
    expect(describeHold(judge('inconclusive'))).toBe(
      `Stage 2 is inconclusive ${numbers}; the stage is on hold.`,
    );
    expect(describeOperatorNeeded(judge('inconclusive'))).toBe(
      `Stage 2 is inconclusive ${numbers}; the rollout is waiting for an operator.`,
    );
    expect(describeStageEnd({ stage: 2, verdict: 'pass', text: 'Stage 2 passed.' })).toEqual({
      key: 'stage_verdict:2',
      kind: 'stage_verdict',
      text: 'Stage 2 passed.',
      actor: 'spillway',
      data: { stage: 2, verdict: 'pass' },
    });
  });

  test('names the operator who steered the rollout; each event is an entry of its own', () => {
    const text = describeSteering('rollout_resumed', 'operator:olga');
    expect(text).toBe('operator:olga resumed the rollout.');
    const resumed = { kind: 'rollout_resumed' as const, stage: 1, text, actor: 'operator:olga' };
    expect(describeEvent({ ...resumed, sequence: 1 })).toEqual({
      key: 'rollout-event:1',
      kind: 'rollout_resumed',
      text,
      actor: 'operator:olga',
      data: { stage: 1 },
    });
    expect(describeEvent({ ...resumed, sequence: 2 }).key).not.toBe(
      describeEvent({ ...resumed, sequence: 1 }).key,
    );
  });

  test('says where tenants return to, and how many are missing', () => {
    const withdrawal = { stage: 1, previousVersion: '1.0.0', reason: 'Stage 1 failed.' };
    expect(describeWithdrawal(withdrawal, 'spillway').text).toBe(
      'The offer was withdrawn; tenants return to 1.0.0. Stage 1 failed.',
    );
    expect(describeWithdrawal({ ...withdrawal, previousVersion: null }, 'spillway').text).toBe(
      'The offer was withdrawn; tenants remove the version. Stage 1 failed.',
    );
    const end = (remaining: number, previousVersion: string | null) =>
      describeRollbackEnd({ version: '2.0.0', previousVersion, remaining }).text;
    expect(end(0, '1.0.0')).toBe('Every tenant is back on 1.0.0.');
    expect(end(0, null)).toBe('Every tenant has removed 2.0.0.');
    expect(end(1, '1.0.0')).toBe('1 tenant is not back on 1.0.0 yet and will follow at the next poll.');
    expect(end(1, null)).toBe('1 tenant has not removed 2.0.0 yet and will follow at the next poll.');
    expect(end(2, '1.0.0')).toBe('2 tenants are not back on 1.0.0 yet and will follow at the next poll.');
    expect(end(3, null)).toBe('3 tenants have not removed 2.0.0 yet and will follow at the next poll.');
  });

  test('says what a host did, and leaves out what is of no interest', () => {
    const report = { reportId: 'r', version: '2.0.0', activeVersion: null, stage: 1, elapsedMs: 6_500 };
    expect(describeReport('tenant-a', { ...report, kind: 'installed' })?.text).toBe(
      'tenant-a installed 2.0.0 in 6.5 s.',
    );
    expect(describeReport('tenant-a', { ...report, kind: 'rolled_back' })?.text).toBe(
      'tenant-a removed 2.0.0; it had no earlier version.',
    );
    expect(
      describeReport('tenant-a', { ...report, kind: 'failed', errorCode: 'INSTALL_FAILED' }),
    ).toMatchObject({
      text: 'tenant-a could not install 2.0.0: INSTALL_FAILED',
      data: { errorCode: 'INSTALL_FAILED' },
    });
    expect(
      describeReport('tenant-a', { ...report, kind: 'failed', errorCode: 'INSTALL_FAILED' })?.data,
    ).not.toHaveProperty('trouble');
    expect(describeReport('tenant-a', { ...report, kind: 'failed', errorCode: 'HOST_CLOCK' })).toMatchObject({
      text: 'tenant-a cannot take 2.0.0 yet, for a reason of its own: HOST_CLOCK',
      data: { errorCode: 'HOST_CLOCK', trouble: 'tenant' },
    });
    expect(describeReport('tenant-a', { ...report, kind: 'healthy' })).toBeUndefined();
  });
});

describe('Notices', () => {
  test('tell subscribers of a listed version', () => {
    expect(versionListed(subject)).toMatchObject({
      kind: 'version_listed',
      title: 'notes 2.0.0 is available',
      priority: 'normal',
    });
  });

  test('tell a publisher how a release ended, and every reason that fits', () => {
    const notice = releaseEnded(subject, 'rejected', ['secrets: A private key.', 'x'.repeat(3_000)]);
    expect(notice.message).toMatch(/^The release was rejected\. secrets: A private key\. x+$/);
    expect(notice.message).toHaveLength(2_000);
  });

  test('tell of a rollback what is active now, and how many are missing', () => {
    const back = { ...subject, previousVersion: '1.0.0' };
    expect(rolledBack(back, { reason: 'Stage 1 failed.', remaining: 1 }).message).toBe(
      'Version 2.0.0 was withdrawn and 1.0.0 is active again. Stage 1 failed. 1 tenant has not returned yet.',
    );
    expect(
      rolledBack({ ...subject, previousVersion: null }, { reason: 'Aborted.', remaining: 0 }).message,
    ).toBe('Version 2.0.0 was withdrawn and is being removed. Aborted.');
  });

  test('tell tenant and publisher of a failed installation in their own words [ACC-08]', () => {
    const { toTenant, toPublisher } = installFailed(subject, '1.0.0');
    expect(toTenant.message).toBe('The installation of 2.0.0 failed and was undone. 1.0.0 is active.');
    expect(toPublisher.message).not.toContain('1.0.0');
    expect([toTenant.priority, toPublisher.priority]).toEqual(['high', 'high']);
  });

  test('tell operators of a review that takes long, with priority once it is overdue [REV-18]', () => {
    expect(reviewDelayed(subject, 0.5)).toMatchObject({
      kind: 'sla_warning',
      title: '50 % of the review time has passed',
      priority: 'normal',
    });
    expect(reviewDelayed(subject, 1)).toMatchObject({
      kind: 'sla_breach',
      title: 'The review is overdue',
      message: 'notes@2.0.0 is waiting for a reviewer: 100 % of the review time has passed.',
      priority: 'high',
    });
  });
});
