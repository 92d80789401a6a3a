import { ago, ahead, release, stage, timeline } from './fixtures';
import type { ReleaseView } from '../../../contracts/releases/view';
import type { TimelineEvent } from '../../../contracts/releases/timeline';

export interface Story {
  release: ReleaseView;
  events: TimelineEvent[];
}

const decided = {
  reviewQueueId: '6f2d2a54-2f0a-4f0e-9d1c-0c2a5c2a9b11',
  state: 'decided',
  slaDeadline: ahead(9_000),
  decision: 'approve',
  reviewer: 'rita',
  notes: 'Read and tried.',
} as const;

type Lines = Parameters<typeof timeline>[0];

const untilListed: Lines = [
  ['state', 'Submitted; waits for its upload.', { from: 'draft', to: 'uploading' }, 'acme'],
  ['upload_verified', 'The package of 1.3 MB is complete, and its signature is good.'],
  ['state', 'The upload is verified; the scanners begin.', { from: 'uploading', to: 'scanning' }],
  ['scan', 'Scanner archive passed.', { scanner: 'archive', verdict: 'pass' }],
  ['scan', 'Scanner secrets passed.', { scanner: 'secrets', verdict: 'pass' }],
  ['compatibility', 'The plugin started in a trial host in 1.4 s.', { verdict: 'pass' }],
  ['review_opened', 'A review is open; it is due in 4 h.'],
  ['decision', 'rita approved the release.', { decision: 'approve' }, 'rita'],
  ['state', 'Approved; it is listed next.', { from: 'in_review', to: 'approved' }, 'rita'],
  ['state', 'Listed in the catalogue.', { from: 'scheduled', to: 'listed' }],
  ['notified', '5 subscribed tenants were notified.'],
  ['rollout_planned', 'Rollout: 20 % for 30 s, then 60 % for 30 s, then 100 % for 30 s.'],
];

/** Stage 2 of 3 is being watched; one of its tenants has still to report. */
export function rollingOut(): Story {
  const shown = release({
    state: 'rolling_out',
    review: decided,
    rollout: {
      state: 'active',
      stage: 2,
      basisPoints: 6_000,
      stages: [
        stage(1, 2_000, {
          startedAt: ago(42),
          endsAt: ago(12),
          endedAt: ago(12),
          verdict: 'pass',
          cohort: 2,
          installed: 2,
        }),
        stage(2, 6_000, { startedAt: ago(12), endsAt: ahead(18), cohort: 3, installed: 2 }),
        stage(3, 10_000),
      ],
    },
  });
  const events = timeline([
    ...untilListed,
    ['stage_started', 'Stage 1 offers the version to 20 % of tenants.', { stage: 1 }],
    ['install', 'tenant-a installed 0.5.68 in 0.9 s.', { kind: 'installed' }, 'tenant-a'],
    ['install', 'tenant-c installed 0.5.68 in 1.1 s.', { kind: 'installed' }, 'tenant-c'],
    ['stage_verdict', 'Stage 1 passed (2 installed, 0 failed, 2 in the cohort).', { verdict: 'pass' }],
    ['stage_started', 'Stage 2 offers the version to 60 % of tenants.', { stage: 2 }],
  ]);
  return { release: shown, events };
}

/** Stage 1 failed; all tenants that tried it are back. */
export function rolledBack(): Story {
  const shown = release({
    state: 'rolled_back',
    review: decided,
    rollout: {
      state: 'rolled_back',
      stage: 1,
      basisPoints: 4_000,
      stages: [
        stage(1, 4_000, {
          startedAt: ago(60),
          endsAt: ago(30),
          endedAt: ago(50),
          verdict: 'fail',
          cohort: 4,
          installed: 1,
          failed: 2,
          rolledBack: 1,
        }),
        stage(2, 7_000),
        stage(3, 10_000),
      ],
    },
  });
  const events = timeline([
    ...untilListed,
    ['stage_started', 'Stage 1 offers the version to 40 % of tenants.', { stage: 1 }],
    ['install', 'tenant-a installed 0.5.68 in 0.9 s.', { kind: 'installed' }, 'tenant-a'],
    [
      'install',
      'tenant-b could not install 0.5.68: its health check failed.',
      { kind: 'failed' },
      'tenant-b',
    ],
    [
      'install',
      'tenant-d could not install 0.5.68: its health check failed.',
      { kind: 'failed' },
      'tenant-d',
    ],
    ['stage_verdict', 'Stage 1 failed (1 installed, 2 failed, 4 in the cohort).', { verdict: 'fail' }],
    ['offer_withdrawn', 'The offer was withdrawn; tenants return to 0.5.67.'],
    ['install', 'tenant-a is back on 0.5.67.', { kind: 'rolled_back' }, 'tenant-a'],
    ['rolled_back_everywhere', 'Every tenant is back on 0.5.67.', { remaining: 0 }],
    ['alert', 'Publisher and 3 tenants were alerted.'],
    ['state', 'Rolled back.', { from: 'rolling_out', to: 'rolled_back' }],
  ]);
  return { release: shown, events };
}

/** Refused after the upload, for two reasons at once. */
export function refused(): Story {
  const shown = release({
    state: 'rejected',
    scans: [],
    problems: [
      {
        code: 'INTEGRITY_MISMATCH',
        detail: 'dist/main.js differs from its digest in integrity.txt.',
        pointer: 'dist/main.js',
      },
      {
        code: 'INTEGRITY_EXTRA',
        detail: 'dist/extra.js is not named in integrity.txt.',
        pointer: 'dist/extra.js',
      },
    ],
  });
  const events = timeline([
    ['state', 'Submitted; waits for its upload.', { from: 'draft', to: 'uploading' }, 'acme'],
    ['state', 'Refused: the package does not match its signature.', { from: 'uploading', to: 'rejected' }],
  ]);
  return { release: shown, events };
}
