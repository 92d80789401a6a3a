import { describeReport } from '../../core/installations/timeline';
import {
  describeNotified,
  describePlan,
  describeTransition,
  describeVerifiedUpload,
  timelineKinds,
  type TimelineEntry,
} from '../../core/releases/timeline';
import { releaseStates } from '../../core/releases/state';
import {
  describeDecision,
  describeOpenedReview,
  describeReviewInfo,
  describeSla,
} from '../../core/reviews/timeline';
import {
  describeAlert,
  describeRollbackEnd,
  describeStageStart,
  describeWithdrawal,
} from '../../core/rollouts/timeline';
import type { ScanReport } from '../../core/scans/report';
import { describeHeldScan, describeScan } from '../../core/scans/timeline';

const upload = { files: 3, bytes: 1_000, fingerprint: 'AB' };
const stages = [{ basisPoints: 10_000, durationMs: 86_400_000 }];
const endsAt = '2026-05-02T00:00:00Z';
const info = { info: 'The key in test/ is a fixture.', links: ['https://example.com/fixture'] };
const report = {
  reportId: 'r-1',
  kind: 'rolled_back',
  version: '2.0.0',
  activeVersion: '1.0.0',
  stage: 2,
  elapsedMs: 900,
};
const scan: ScanReport = {
  scanner: 'health',
  version: '1.0.0',
  rulesDigest: 'd1',
  verdict: 'pass',
  findings: [{ rule: 'a', severity: 'info', detail: 'Noted.' }],
  counts: { critical: 0, warning: 0, info: 1 },
  startedAt: '2026-05-01T00:00:00Z',
  finishedAt: '2026-05-01T00:00:01Z',
  policy: { enabled: true, enforced: true, required: true },
};

/** The key of an entry, what writes it, its kind, words that it must hold, who did it, and the same for programs. */
type Row = [
  key: string,
  write: () => TimelineEntry,
  kind: string,
  words: string,
  actor: string,
  data: object,
];
const rows: Row[] = [
  [
    'upload_verified',
    () => describeVerifiedUpload(upload),
    'upload_verified',
    '3 files, signed with the key AB.',
    'spillway',
    upload,
  ],
  [
    'rollout_planned',
    () => describePlan({ type: 'immediate', stages }, '1.0.0', 'publisher:acme'),
    'rollout_planned',
    '100 % for 1 d.',
    'publisher:acme',
    { type: 'immediate', stages, previousVersion: '1.0.0' },
  ],
  ['notified', () => describeNotified(12), 'notified', '12 subscribed tenants', 'spillway', { notified: 12 }],
  [
    'review_opened',
    () => describeOpenedReview(14_400_000, endsAt),
    'review_opened',
    'within 4 h.',
    'spillway',
    { slaDeadline: endsAt },
  ],
  [
    'sla:0.75',
    () => describeSla('notes@2.0.0', 0.75),
    'sla',
    'notes@2.0.0 is waiting',
    'spillway',
    { level: 0.75 },
  ],
  [
    'decision',
    () => describeDecision({ decision: 'reject', reviewer: 'ada', notes: 'Too broad.' }),
    'decision',
    'ada rejected the release: Too broad.',
    'reviewer:ada',
    { decision: 'reject', reviewer: 'ada', notes: 'Too broad.' },
  ],
  [
    'review_info:ab12',
    () => describeReviewInfo(info, { actor: 'publisher:acme', digest: 'ab12' }),
    'review_info',
    'for the reviewer.',
    'publisher:acme',
    info,
  ],
  [
    'scan:health:pass:d1',
    () => describeScan(scan, 'trial'),
    'compatibility',
    'Scanner health passed the package.',
    'spillway',
    { scanner: 'health', verdict: 'pass', findings: 1 },
  ],
  [
    'scan:health:fail:d1',
    () => describeScan({ ...scan, verdict: 'fail' }, 'content'),
    'scan',
    'Scanner health rejected',
    'spillway',
    { scanner: 'health', verdict: 'fail', findings: 1 },
  ],
  [
    'scan_held:a+b:2',
    () => describeHeldScan({ silent: ['a', 'b'], retryInMs: 30_000, attempt: 2 }),
    'scan_held',
    'a, b; trying again in 30 s.',
    'spillway',
    { silent: ['a', 'b'], retryInMs: 30_000, attempt: 2 },
  ],
  [
    'stage_started:2',
    () =>
      describeStageStart({ stage: 2, stages: 3, basisPoints: 2_500, cohort: 40, endsAt }, 'publisher:acme'),
    'stage_started',
    'Stage 2 of 3 started: 25 % of tenants, 40 tenants',
    'publisher:acme',
    { stage: 2, basisPoints: 2_500, cohort: 40, endsAt },
  ],
  [
    'offer_withdrawn',
    () => describeWithdrawal({ stage: 1, previousVersion: null, reason: 'Aborted.' }, 'operator:ops'),
    'offer_withdrawn',
    'remove the version. Aborted.',
    'operator:ops',
    { stage: 1, previousVersion: null, reason: 'Aborted.' },
  ],
  [
    'rolled_back',
    () => describeRollbackEnd({ version: '2.0.0', previousVersion: '1.0.0', remaining: 2 }),
    'rolled_back_everywhere',
    '2 tenants are not back on 1.0.0',
    'spillway',
    { remaining: 2, previousVersion: '1.0.0' },
  ],
  [
    'alert:rolled_back',
    () => describeAlert(2),
    'alert',
    'and 2 tenants were notified',
    'spillway',
    { alerted: 2 },
  ],
  [
    'report:r-1',
    () => describeReport('tenant-a', report)!,
    'install',
    'tenant-a rolled back from 2.0.0 to 1.0.0.',
    'tenant-a',
    { tenantId: 'tenant-a', kind: 'rolled_back', stage: 2, elapsedMs: 900 },
  ],
];

describe('An entry of the timeline', () => {
  test.each(rows)('%s is one sentence that names its things', (_key, write, _kind, words) => {
    const { text } = write();
    expect(text).toContain(words);
    expect(text).toMatch(/^\S+( \S+)+\.$/);
  });

  test.each(rows)(
    '%s can be read by programs, under a key by which it is written once',
    (key, write, ...expected) => {
      const [kind, , actor, data] = expected;
      expect(write()).toEqual({ key, kind, text: expect.any(String), actor, data });
      expect(timelineKinds).toContain(kind);
    },
  );

  test('about a state reached says which, in other words for each, and a reason in its own', () => {
    const texts = releaseStates.map((state) => describeTransition('draft', state));
    expect(new Set(texts).size).toBe(releaseStates.length);
    expect(texts.filter((text) => !/^[A-Z]\w*( [\w;]+)+\.$/.test(text))).toEqual([]);
    expect(describeTransition('listed', 'rolling_out')).toBe('The rollout is running.');
    expect(describeTransition('paused', 'rolled_back')).toBe('The version was rolled back.');
    expect(describeTransition('rolling_out', 'paused', 'Too loud.')).toBe('The rollout is paused: Too loud.');
  });

  test('about a failed installation gives the host’s reason before its code, and says when there is none', () => {
    const failed = { ...report, kind: 'failed' };
    const text = (over: object) => describeReport('tenant-a', { ...failed, ...over })?.text;
    expect(text({ errorCode: 'HEALTH_CHECK_FAILED', detail: 'exit 1' })).toBe(
      'tenant-a could not install 2.0.0: exit 1',
    );
    expect(text({})).toBe('tenant-a could not install 2.0.0: no reason was given.');
  });

  test('is not made of reports that are of no interest, or unknown', () => {
    expect(describeReport('tenant-a', { ...report, kind: 'unhealthy' })).toBeUndefined();
    expect(describeReport('tenant-a', { ...report, kind: 'moved' })).toBeUndefined();
  });
});
