import type { RevocationReason } from '../identity/keys';
import type { Notice, NoticeSubject } from '../notifications/notice';
import type { TimelineEntry } from '../releases/timeline';
import { plural } from '../plural';

/** A key that is distrusted from now on. */
export interface DistrustedKey {
  fingerprint: string;
  reason: RevocationReason;
}

const whys: Record<RevocationReason, string> = {
  compromised: 'was revoked as compromised',
  unspecified: 'was revoked without a reason',
  superseded: 'was superseded',
  retired: 'was retired',
};

const describeKey = ({ fingerprint, reason }: DistrustedKey): string =>
  `The signing key ${fingerprint} ${whys[reason]}`;

/** That a version is not newly installed any more. */
export const describeHold = (key: DistrustedKey, actor: string): TimelineEntry => ({
  key: `held:${key.fingerprint}`,
  kind: 'version_held',
  text: `${describeKey(key)}; nobody newly installs the version.`,
  actor,
  data: { fingerprint: key.fingerprint, reason: key.reason },
});

/** To the publisher and the operators, once a plugin. `others` is how many further versions are held. */
export const versionHeld = (
  { pluginId, versionId, version }: NoticeSubject,
  key: DistrustedKey,
  others: number,
): Notice<'version_held'> => ({
  kind: 'version_held',
  pluginId,
  versionId,
  title: `${pluginId} ${version} is held`,
  message: [
    `${describeKey(key)}, so ${pluginId} ${version}${others > 0 ? ` and ${plural(others, 'other version', 'other versions')}` : ''} can no longer be newly installed.`,
    'A running rollout is paused; abort it to take the version back from the tenants that have it.',
  ].join(' '),
  priority: 'high',
  upgrade: null,
});
