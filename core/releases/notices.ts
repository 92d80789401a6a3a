import type { Notice, NoticeSubject } from '../notifications/notice';

const toSubject = ({ pluginId, versionId }: NoticeSubject) => ({ pluginId, versionId, upgrade: null });

/** To subscribed tenants; each row says whether their host upgrades by itself. */
export const versionListed = (subject: NoticeSubject): Notice<'version_listed'> => ({
  ...toSubject(subject),
  kind: 'version_listed',
  title: `${subject.pluginId} ${subject.version} is available`,
  message: `Version ${subject.version} of ${subject.pluginId} is listed and is being rolled out.`,
  priority: 'normal',
});

const endings = {
  rejected: 'was rejected',
  expired: 'expired before its upload was complete',
  failed: 'failed',
  superseded: 'was superseded by a newer version',
} as const;

const MAX_MESSAGE_LENGTH = 2_000;

/** To the publisher of a release that did not become a listed version. */
export const releaseEnded = (
  subject: NoticeSubject,
  outcome: keyof typeof endings,
  reasons: readonly string[],
): Notice<'release_rejected'> => ({
  ...toSubject(subject),
  kind: 'release_rejected',
  title: `${subject.versionId} ${endings[outcome]}`,
  message: [`The release ${endings[outcome]}.`, ...reasons].join(' ').slice(0, MAX_MESSAGE_LENGTH),
  priority: 'high',
});

/** To the operators: something asked for a step that the records do not prove, so the workflow engine may be under attack. */
export const evidenceMissing = (
  { pluginId, versionId }: { pluginId: string; versionId: string },
  missing: readonly { detail: string }[],
): Notice<'evidence_missing'> => ({
  kind: 'evidence_missing',
  pluginId,
  versionId,
  title: 'A step without evidence was refused',
  message: [
    `The records do not prove a step that was asked for of ${versionId}.`,
    ...missing.map(({ detail }) => detail),
  ].join(' '),
  priority: 'high',
  upgrade: null,
});
