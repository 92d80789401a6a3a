import { installFailed, installTrouble } from '../../core/installations/notices';
import { notificationKinds, recipientKinds } from '../../core/notifications/notifications';
import {
  activityRetried,
  containmentLost,
  workflowEnded,
  workflowLost,
  workflowRestarted,
} from '../../core/operations/notices';
import { evidenceMissing, releaseEnded, versionListed } from '../../core/releases/notices';
import {
  appealAnswered,
  restrictionAppealed,
  restrictionImposed,
  restrictionLifted,
} from '../../core/releases/restrictionNotices';
import { reviewDelayed } from '../../core/reviews/notices';
import { isBreach, slaLevels, slaSteps } from '../../core/reviews/sla';
import { scannerSilent, tokenLeaked } from '../../core/scans/notices';
import { rolledBack } from '../../core/rollouts/notices';
import { opinionSettled } from '../../core/rollouts/opinionNews';
import { deliveryTrouble, isWidespread, troubleDigest } from '../../core/rollouts/troubleNews';

const subject = { pluginId: 'notes', version: '2.0.0', versionId: 'notes@2.0.0' };
const back = { ...subject, previousVersion: '1.0.0' };

const restricted = {
  kind: 'quarantine',
  subjectKind: 'version',
  subjectId: 'notes@2.0.0',
  reason: 'It mines coins.',
  expiresAt: null,
  cause: 'decision',
  liftReason: 'It does not.',
} as const;

const troubles = [
  { stage: 1, code: 'DOWNLOAD_CORRUPTED', tenants: 4 },
  { stage: 1, code: 'HOST_CLOCK', tenants: 1 },
];

const writeAll = () => [
  versionListed(subject),
  releaseEnded(subject, 'rejected', ['No changelog.']),
  releaseEnded(subject, 'expired', []),
  releaseEnded(subject, 'failed', []),
  releaseEnded(subject, 'superseded', ['1.3.0 is out in the channel stable.']),
  rolledBack(back, { reason: 'Stage 1 failed.', remaining: 0 }),
  installFailed(subject, null).toTenant,
  installFailed(subject, null).toPublisher,
  ...slaLevels.map((level) => reviewDelayed(subject, level)),
  evidenceMissing(subject, [{ detail: 'The version is not listed.' }]),
  workflowRestarted(subject, { state: 'in_review', found: 'absent' }),
  workflowEnded(subject),
  workflowLost(subject, { state: 'in_review', restarts: 5 }),
  activityRetried({ ...subject, workflowId: 'release:notes@2.0.0', step: 'verifyUpload', attempt: 6 }),
  restrictionImposed(restricted),
  restrictionLifted(restricted),
  restrictionAppealed(restricted, 'It does not.'),
  appealAnswered(restricted, 'It does.'),
  tokenLeaked(subject, { tokenId: 't-1', kind: 'tenant', id: 'globex' }),
  scannerSilent(subject, { scanner: 'eicar', silentMs: 7_200_000 }),
  opinionSettled(subject, {
    tenantId: 'globex',
    total: { installed: 4, failed: 1, rolledBack: 0 },
    isResumed: false,
  }),
  installTrouble(subject, { errorCode: 'HOST_DISK_FULL', detail: 'The disk of this host has 3 MiB left.' }),
  deliveryTrouble(subject, { troubles, results: 2 }),
  troubleDigest(subject, { stage: 1, troubles }),
];

describe('A notice', () => {
  test('is about a version, of a known kind, and leaves to each recipient whether it upgrades', () => {
    const all = writeAll();
    for (const notice of all) {
      expect(notice).toMatchObject({ pluginId: 'notes', versionId: 'notes@2.0.0', upgrade: null });
      expect(notificationKinds).toContain(notice.kind);
    }
    // Of a worker, not of a version.
    const lost = containmentLost({ driver: 'none', detail: 'It does not hold.' });
    expect(lost).toMatchObject({ pluginId: null, versionId: null, upgrade: null, priority: 'high' });
    expect(new Set([...all, lost].map(({ kind }) => kind))).toEqual(new Set(notificationKinds));
  });

  test('can be read without its title, and names the version', () => {
    const all = writeAll();
    const sentences = /^[A-Za-z]\S*( \S+)+\.$/;
    expect(all.filter(({ message }) => !sentences.test(message)).map(({ message }) => message)).toEqual([]);
    const named = all.filter(({ title, message }) => `${title} ${message}`.includes('2.0.0'));
    expect(named).toHaveLength(all.length);
  });

  test('says in its title what happened', () => {
    expect(writeAll().map(({ title, priority }) => `${priority}: ${title}`)).toEqual([
      'normal: notes 2.0.0 is available',
      'high: notes@2.0.0 was rejected',
      'high: notes@2.0.0 expired before its upload was complete',
      'high: notes@2.0.0 failed',
      'high: notes@2.0.0 was superseded by a newer version',
      'high: notes 2.0.0 was rolled back',
      'high: notes 2.0.0 could not be installed',
      'high: notes 2.0.0 could not be installed',
      'normal: 50 % of the review time has passed',
      'normal: 75 % of the review time has passed',
      'high: The review is overdue',
      'high: A step without evidence was refused',
      'high: A workflow was started again from the records',
      'high: A workflow that no release needs was ended',
      'high: A workflow keeps being lost',
      'high: A step is tried again and again',
      'high: notes@2.0.0 is restricted',
      'normal: The restriction of notes@2.0.0 was lifted',
      'high: The publisher appeals against the quarantine of notes@2.0.0',
      'high: The appeal against the quarantine of notes@2.0.0 was answered',
      'high: A token of tenant globex was revoked',
      'high: The scanner eicar has no verdict for long',
      'high: notes 2.0.0 failed at globex alone',
      'high: notes 2.0.0 waits for your host',
      'high: Tenants cannot get notes 2.0.0',
      'normal: 5 tenants of stage 1 could not take notes 2.0.0 yet',
    ]);
  });

  test('of a rollback counts the tenants that are missing, and says nothing when none is', () => {
    const message = (remaining: number) => rolledBack(back, { reason: 'Stage 1 failed.', remaining }).message;
    expect(message(0)).toBe('Version 2.0.0 was withdrawn and 1.0.0 is active again. Stage 1 failed.');
    expect(message(2)).toBe(`${message(0)} 2 tenants have not returned yet.`);
  });

  test('of a failed installation says what runs now, or that nothing does [ACC-08]', () => {
    expect(installFailed(subject, null).toTenant.message).toBe(
      'The installation of 2.0.0 failed and was undone. No version is active.',
    );
    expect(installFailed(subject, '1.0.0').toPublisher.message).toBe(
      "The installation of 2.0.0 failed on a tenant's host and was undone.",
    );
  });

  test('of a token in an upload says which token it was, and where', () => {
    const { message } = tokenLeaked(subject, { tokenId: 't-1', kind: 'tenant', id: 'globex' });
    expect(message).toMatch(
      /^The upload of notes 2\.0\.0 holds the token t-1 of tenant globex, .* at once\. Look/,
    );
  });

  test("of a host's own trouble says what is wrong with it and what helps, and clears the version", () => {
    const told = { errorCode: 'HOST_DISK_FULL', detail: 'The disk of this host has 3 MiB left.' };
    expect(installTrouble(subject, told).message).toBe(
      'Version 2.0.0 is not installed yet, and nothing is wrong with it. The disk of this host has 3 MiB left. Free space on the disk of the host; the version is then installed by itself.',
    );
  });

  test('of many troubles counts them by their kinds, the most frequent first', () => {
    expect(troubleDigest(subject, { stage: 1, troubles }).message).toBe(
      'Nothing of this counts against 2.0.0, and each host goes on by itself: The package arrived damaged (4 tenants); The clock of the host is wrong (1 tenant).',
    );
  });

  test('goes to the operators where so many tenants cannot get a version that it is the platform', () => {
    const way = (tenants: number) => [{ stage: 1, code: 'DOWNLOAD_FAILED', tenants }];
    expect(isWidespread({ troubles: way(1), results: 0 })).toBe(false);
    expect(isWidespread({ troubles: way(2), results: 18 })).toBe(true);
    expect(isWidespread({ troubles: way(2), results: 19 })).toBe(false);
    expect(isWidespread({ troubles: [{ stage: 1, code: 'HOST_CLOCK', tenants: 9 }], results: 0 })).toBe(
      false,
    );
  });

  test('may be for any kind of subject that holds a token', () => {
    expect([...recipientKinds].sort()).toEqual(['operator', 'publisher', 'reviewer', 'tenant']);
  });
});

test('A notice of a lost sandbox is no longer than a notice may be, whatever the sandbox said', () => {
  const { message } = containmentLost({ driver: 'none', detail: 'x'.repeat(5_000) });
  expect(message).toHaveLength(1_000);
});

describe('The time of a review', () => {
  test('is told of at half, at three quarters, and when it is over [REV-18]', () => {
    expect(slaSteps(14_400_001)).toEqual([
      { level: 0.5, afterMs: 7_200_001 },
      { level: 0.75, afterMs: 10_800_001 },
      { level: 1, afterMs: 14_400_001 },
    ]);
    expect(slaLevels.filter(isBreach)).toEqual([1]);
  });
});
