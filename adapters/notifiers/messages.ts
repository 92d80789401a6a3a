import type { MessageBody } from '../db/notifications/outbox';

/** What messages say; who reads them and when is not decided here. */
interface About {
  pluginId: string;
  version: string;
  versionId: string;
}

const base = ({ pluginId, versionId }: About) => ({ pluginId, versionId, upgrade: null });

/** To subscribed tenants; each row says whether their host upgrades by itself. */
export const versionListed = (about: About): MessageBody => ({
  ...base(about),
  kind: 'version_listed',
  title: `${about.pluginId} ${about.version} is available`,
  message: `Version ${about.version} of ${about.pluginId} is listed and is being rolled out.`,
  priority: 'normal',
});

/** To tenants that took the version, to its publisher and to the operators. */
export const rolledBack = (
  about: About & { previousVersion: string | null },
  { reason, remaining }: { reason: string; remaining: number },
): MessageBody => {
  const now = about.previousVersion ? `${about.previousVersion} is active again` : 'it is removed';
  const late = remaining > 0 ? ` ${remaining} tenants have not returned yet.` : '';
  return {
    ...base(about),
    kind: 'rolled_back',
    title: `${about.pluginId} ${about.version} was taken back`,
    message: `Version ${about.version} was withdrawn and ${now}. ${reason}${late}`,
    priority: 'high',
  };
};

const endings = {
  rejected: 'was rejected',
  expired: 'expired before its upload was finished',
  failed: 'failed',
} as const;

/** To the publisher of a release that did not become a listed version. */
export const releaseEnded = (
  about: About,
  outcome: keyof typeof endings,
  reasons: readonly string[],
): MessageBody => ({
  ...base(about),
  kind: 'release_rejected',
  title: `${about.versionId} ${endings[outcome]}`,
  message: [`The release ${endings[outcome]}.`, ...reasons].join(' ').slice(0, 2000),
  priority: 'high',
});
