import { checkSigningKey } from '../../../core/identity/keys';
import { checkManifestIdentity, listObjections } from '../../../core/releases/registration';
import {
  checkRepetition,
  checkRequestId,
  isInTheWay,
  judgeSubmission,
  type LastSubmission,
} from '../../../core/releases/submission';

const last: LastSubmission = {
  pluginId: 'notes',
  versionId: 'notes@1.0.0',
  publisherId: 'acme',
  publishRequestId: 'request-1',
  submissionDigest: 'digest-1',
  state: 'scanning',
  listedAt: null,
  owner: 'acme',
  reservedUntil: new Date('2026-05-01T00:00:00Z'),
  ownedSince: null,
};
const before = new Date('2026-04-30T00:00:00Z');
const after = new Date('2026-05-01T00:00:00Z');
const { publisherId, publishRequestId, submissionDigest } = last;
const same = { publisherId, publishRequestId, submissionDigest };
const refused = (code: string) => ({ outcome: 'refused', problems: [expect.objectContaining({ code })] });

describe('Whether a submission may follow the last one of its version', () => {
  test.each([
    ['the first of its version is new', undefined, same, { outcome: 'new' }],
    ['the same again is a repetition', last, same, { outcome: 'repeated', hasEnded: false }],
    [
      'the same content under another request id is a repetition too',
      last,
      { ...same, publishRequestId: 'request-2' },
      { outcome: 'repeated', hasEnded: false },
    ],
    [
      'different content under the same request id is refused',
      last,
      { ...same, submissionDigest: 'digest-2' },
      refused('REQUEST_ID_REUSED'),
    ],
    [
      'different content of a version on its way is refused',
      last,
      { ...same, publishRequestId: 'request-2', submissionDigest: 'digest-2' },
      refused('VERSION_CONFLICT'),
    ],
    [
      'a version that ended unlisted may be submitted again under a new request id',
      { ...last, state: 'rejected' as const },
      { ...same, publishRequestId: 'request-2', submissionDigest: 'digest-2' },
      { outcome: 'new' },
    ],
    [
      'but under the old request id it is the old submission',
      { ...last, state: 'rejected' as const },
      same,
      { outcome: 'repeated', hasEnded: true },
    ],
    [
      'a listed version never changes, not even when its release is over',
      { ...last, state: 'completed' as const, listedAt: new Date(0) },
      { ...same, publishRequestId: 'request-2', submissionDigest: 'digest-2' },
      refused('VERSION_CONFLICT'),
    ],
    [
      'another publisher learns that the plugin is taken, even where its owner could submit again',
      { ...last, state: 'rejected' as const },
      { publisherId: 'other', publishRequestId: 'request-1', submissionDigest: 'digest-2' },
      refused('PUBLISHER_MISMATCH'),
    ],
    [
      'not even a request id of its own lets another publisher replace a version that ended unlisted',
      { ...last, state: 'rejected' as const },
      { publisherId: 'other', publishRequestId: 'request-2', submissionDigest: 'digest-2' },
      refused('PUBLISHER_MISMATCH'),
    ],
  ])('%s [PRE-03]', (_what, earlier, submission, expected) => {
    expect(judgeSubmission(earlier, submission, before)).toEqual(expected);
  });
});

describe('A version of a plugin that changed hands', () => {
  const other = { publisherId: 'other', publishRequestId: 'request-1', submissionDigest: 'digest-2' };
  const ended: LastSubmission = { ...last, state: 'rejected' };

  test('may be submitted anew by who may announce the plugin by now', () => {
    expect(judgeSubmission(ended, other, after)).toEqual({ outcome: 'new' });
    expect(judgeSubmission({ ...ended, owner: 'other' }, other, before)).toEqual({ outcome: 'new' });
    expect(judgeSubmission({ ...ended, ownedSince: before }, other, after)).toEqual(
      refused('PUBLISHER_MISMATCH'),
    );
  });

  test('is not replaced while it is on its way, or once it was listed', () => {
    for (const state of ['uploading', 'scanning'] as const)
      expect(judgeSubmission({ ...last, state }, other, after)).toEqual(refused('PUBLISHER_MISMATCH'));
    const listed = { ...ended, owner: 'other', listedAt: before };
    expect(judgeSubmission(listed, other, after)).toEqual(refused('PUBLISHER_MISMATCH'));
  });

  test('is in the way only as the open upload of a publisher whose reservation is over', () => {
    const uploading: LastSubmission = { ...last, state: 'uploading' };
    expect(isInTheWay(uploading, 'other', after)).toBe(true);
    expect(isInTheWay(uploading, 'other', before)).toBe(false);
    expect(isInTheWay(uploading, 'acme', after)).toBe(false);
    expect(isInTheWay({ ...uploading, ownedSince: before }, 'other', after)).toBe(false);
    expect(isInTheWay(last, 'other', after)).toBe(false);
  });
});

describe('A refused submission is told', () => {
  const details = (over: Partial<typeof same>) =>
    checkRepetition(last, { ...same, ...over }).map(({ detail, pointer }) => ({ detail, pointer }));

  test('which version already exists, and which request id stands for it', () => {
    expect(details({ submissionDigest: 'digest-2', publishRequestId: 'request-2' })).toEqual([
      { detail: 'notes@1.0.0 already exists with different content.', pointer: '/version' },
    ]);
    expect(details({ submissionDigest: 'digest-2' })).toEqual([
      {
        detail: 'publishRequestId request-1 was already used for different content of notes@1.0.0.',
        pointer: '/publishRequestId',
      },
    ]);
  });

  test('that the very package was submitted to another channel', () => {
    const about = { channel: 'stable', packageSha256: 'a1' };
    const found = checkRepetition(
      { ...last, ...about, channel: 'beta' },
      { ...same, submissionDigest: 'digest-2', publishRequestId: 'request-2', ...about },
    );
    expect(found).toEqual([
      expect.objectContaining({
        code: 'CHANNEL_CHANGED',
        detail:
          'notes@1.0.0 was submitted to the channel beta, with this very package; a version stays in its channel.',
      }),
    ]);
  });

  test('that only notes or rollout differ, and how an upload that holds the version is ended', () => {
    const about = { channel: 'stable', packageSha256: 'a1' };
    const again = { ...same, submissionDigest: 'digest-2', publishRequestId: 'request-2', ...about };
    const detail = (accepted: Partial<LastSubmission>) =>
      checkRepetition({ ...last, ...about, ...accepted }, again)[0]?.detail;
    expect(detail({})).toBe(
      'notes@1.0.0 already exists with this package, but other release notes or another rollout.',
    );
    expect(detail({ packageSha256: 'b2', state: 'uploading' })).toBe(
      'notes@1.0.0 already exists with different content. Its upload is not complete: px-plugin abort notes@1.0.0 ends that.',
    );
  });

  test('nothing of another publisher’s version but that the plugin is taken', () => {
    expect(details({ publisherId: 'other', submissionDigest: 'digest-2' })).toEqual([
      { detail: 'The plugin notes belongs to another publisher.', pointer: '/pluginId' },
    ]);
    expect(details({ publisherId: 'other' })).toHaveLength(1);
  });

  test('that a request id stands for another version, which is named', () => {
    expect(checkRequestId(null, 'request-1', 'notes@1.0.0')).toEqual([]);
    expect(checkRequestId('notes@0.9.0', 'request-1', 'notes@1.0.0')[0]?.detail).toBe(
      'publishRequestId request-1 was already used for notes@0.9.0.',
    );
  });
});

describe('What is on record against a submission', () => {
  const now = new Date('2026-05-01T00:00:00Z');
  const candidate = {
    publisherId: 'acme',
    publishRequestId: 'request-1',
    pluginId: 'notes',
    version: '1.0.0',
    channel: 'stable',
    fileName: 'notes.pxp',
    bytes: 1000,
    signedBy: 'ab'.repeat(20),
  };
  const clean = {
    name: null,
    turn: null,
    reserved: [],
    usedFor: null,
    key: { expiresAt: null, revokedAt: null },
    versions: [],
    open: [],
  };

  test('is nothing for a new plugin with a registered key', () => {
    expect(listObjections(candidate, clean, now)).toEqual([]);
  });

  test('is a stage that begins in the year 9999', () => {
    const stages = [{ basisPoints: 10_000, durationMs: 1, startAt: '9999-12-31T23:59:59Z' }];
    expect(listObjections({ ...candidate, stages }, clean, now).map(({ code }) => code)).toEqual([
      'ROLLOUT_PLAN_INVALID',
    ]);
  });

  test('is everything at once', () => {
    const name = { owner: 'other', reservedUntil: now, ownedSince: now };
    const standing = { ...clean, name, usedFor: 'notes@0.9.0', key: null, versions: ['2.0.0'] };
    const stages = [{ basisPoints: 5_000, durationMs: 1 }];
    expect(listObjections({ ...candidate, stages }, standing, now).map(({ code }) => code)).toEqual([
      'PUBLISHER_MISMATCH',
      'REQUEST_ID_REUSED',
      'SIGNATURE_UNKNOWN_KEY',
      'VERSION_NOT_INCREMENTED',
      'ROLLOUT_PLAN_INVALID',
    ]);
    const unsigned = listObjections({ ...candidate, signedBy: undefined }, standing, now);
    expect(unsigned).toContainEqual({
      code: 'SIGNATURE_REQUIRED',
      detail: 'notes.pxp is not signed.',
      pointer: '/artefact/signedBy',
    });
    expect(unsigned).toHaveLength(4);
  });

  test('is nothing for the next version of one’s own plugin', () => {
    const name = { owner: 'acme', reservedUntil: now, ownedSince: now };
    const standing = { ...clean, name, versions: ['0.9.0', '0.8.0'] };
    expect(listObjections(candidate, standing, now)).toEqual([]);
  });

  test('includes a request id that already stands for this very version', () => {
    const [found] = listObjections(candidate, { ...clean, usedFor: 'notes@1.0.0' }, now);
    expect(found?.detail).toContain('different content of notes@1.0.0');
  });

  test('includes a key that was revoked, or has expired by now', () => {
    const codes = (key: Parameters<typeof checkSigningKey>[0]) =>
      checkSigningKey(key, { fingerprint: 'ab', publisherId: 'acme' }, now).map(({ code }) => code);
    expect(codes({ expiresAt: null, revokedAt: '2026-04-01T00:00:00Z' })).toEqual(['SIGNATURE_KEY_REVOKED']);
    expect(codes({ expiresAt: now.toISOString(), revokedAt: null })).toEqual(['SIGNATURE_KEY_EXPIRED']);
    expect(codes({ expiresAt: new Date('2026-05-01T00:00:01Z'), revokedAt: null })).toEqual([]);
  });

  test('includes a manifest of another plugin or version', () => {
    const manifest = { id: 'other', version: '1.0.1' };
    expect(checkManifestIdentity({ pluginId: 'notes', version: '1.0.0' }, manifest)).toEqual([
      {
        code: 'PRECHECK_MANIFEST_MISMATCH',
        detail: 'id is other in the manifest, but notes in the request.',
        pointer: '/manifest/id',
      },
      {
        code: 'PRECHECK_MANIFEST_MISMATCH',
        detail: 'version is 1.0.1 in the manifest, but 1.0.0 in the request.',
        pointer: '/manifest/version',
      },
    ]);
    const told = { pluginId: 'notes', version: '1.0.1' };
    expect(checkManifestIdentity(told, { id: 'notes', version: '1.0.1' })).toEqual([]);
  });
});
