import type { z } from 'zod';
import { reviewDetailSchema, queueEntrySchema, type QueueEntry } from '../../../contracts/reviews/queue';
import type { whoamiSchema } from '../../../contracts/identity/identities';
import { releaseViewSchema, type ReleaseView } from '../../../contracts/releases/view';
import { timelineEventSchema, type TimelineEvent } from '../../../contracts/releases/timeline';

/** Replies of the API as its contracts have them: each is parsed, so that a wrong one fails here. */

export const sha = (digit: string): string => digit.repeat(64);
export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();
export const ahead = (seconds: number): string => ago(-seconds);

export const people = {
  reviewer: { kind: 'reviewer', id: 'rita', scopes: ['review:read', 'review:decide', 'release:read'] },
  publisher: { kind: 'publisher', id: 'acme', scopes: ['plugin:publish', 'release:read'] },
} as const satisfies Record<string, z.input<typeof whoamiSchema>>;

type Scan = ReleaseView['scans'][number];

export const scan = (scanner: string, given: Partial<Scan> = {}): Scan => ({
  scanner,
  version: '1.0.0',
  rulesDigest: sha('c'),
  verdict: 'pass',
  findings: [],
  finishedAt: ago(40),
  ...given,
});

const scans: Scan[] = [
  scan('archive'),
  scan('signature'),
  scan('file-types', {
    findings: [
      {
        rule: 'file-types/source-map',
        severity: 'info',
        path: 'dist/main.js.map',
        detail: 'The package carries a source map.',
      },
    ],
  }),
  scan('secrets'),
  scan('eicar'),
  scan('compatibility'),
];

type Stage = NonNullable<ReleaseView['rollout']>['stages'][number];

export const stage = (number: number, basisPoints: number, given: Partial<Stage> = {}): Stage => ({
  stage: number,
  basisPoints,
  startedAt: null,
  endsAt: null,
  endedAt: null,
  verdict: null,
  cohort: 0,
  installed: 0,
  failed: 0,
  rolledBack: 0,
  ...given,
});

/** A release of obsidian-dataview in review, as far as `given` says nothing else. */
export function release(given: Partial<ReleaseView> = {}): ReleaseView {
  const version = given.version ?? '0.5.68';
  return releaseViewSchema.parse({
    publishId: `release:obsidian-dataview@${version}`,
    versionId: `obsidian-dataview@${version}`,
    pluginId: 'obsidian-dataview',
    version,
    channel: 'stable',
    publisherId: 'acme',
    name: 'Dataview',
    notes: '## Fixed\n\n- Inline queries keep their order.\n- A list of tasks no longer flickers.',
    state: 'in_review',
    submittedAt: ago(120),
    updatedAt: ago(2),
    packageSha256: sha('a'),
    packageBytes: 1_312_456,
    manifestDigest: sha('b'),
    signedBy: 'D4F0'.repeat(10),
    permissions: ['files.vault.read', 'files.vault.write', 'network.http.get'],
    problems: [],
    review: null,
    scans,
    rollout: null,
    ...given,
  });
}

const REVIEW_ID = '6f2d2a54-2f0a-4f0e-9d1c-0c2a5c2a9b11';

/** The queue's row of {@link release}. */
export function queueEntry(given: Partial<QueueEntry> = {}): QueueEntry {
  const version = given.version ?? '0.5.68';
  return queueEntrySchema.parse({
    reviewQueueId: REVIEW_ID,
    versionId: `obsidian-dataview@${version}`,
    publishId: `release:obsidian-dataview@${version}`,
    pluginId: 'obsidian-dataview',
    name: 'Dataview',
    version,
    channel: 'stable',
    publisherId: 'acme',
    state: 'open',
    openedAt: ago(50 * 60),
    slaDeadline: ahead(190 * 60),
    slaLevel: 0,
    packageSha256: sha('a'),
    info: [],
    ...given,
  });
}

export const reviewDetail = (review: QueueEntry, shown: ReleaseView): z.infer<typeof reviewDetailSchema> =>
  reviewDetailSchema.parse({
    review,
    release: shown,
    requestedRollout: {
      type: 'gradual',
      stages: [
        { basisPoints: 1_000, durationMs: 86_400_000 },
        { basisPoints: 10_000, durationMs: 90_000, startAt: '2026-12-01T08:00:00.000Z' },
      ],
      allow: ['globex'],
      deny: Array.from({ length: 30 }, (_, index) => `tenant-${index}`),
    },
  });

type Line = [kind: TimelineEvent['kind'], text: string, data?: TimelineEvent['data'], actor?: string];

/** Lines of a timeline, `stepSeconds` apart, the last one a moment ago. */
export function timeline(lines: Line[], stepSeconds = 4): TimelineEvent[] {
  return lines.map(([kind, text, data = {}, actor = 'spillway'], index) =>
    timelineEventSchema.parse({
      seq: index + 1,
      at: ago((lines.length - index) * stepSeconds - 0.7 * (index % 3)),
      kind,
      text,
      actor,
      data,
    }),
  );
}
