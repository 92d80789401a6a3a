import type { Notice, NoticeSubject } from '../notifications/notice';
import { plural } from '../plural';

/** To tenants that took the version, to its publisher and to the operators. */
export function rolledBack(
  { pluginId, versionId, version, previousVersion }: NoticeSubject & { previousVersion: string | null },
  { reason, remaining }: { reason: string; remaining: number },
): Notice<'rolled_back'> {
  const now = previousVersion ? `${previousVersion} is active again` : 'is being removed';
  const late = remaining > 0 ? ` ${plural(remaining, 'tenant has', 'tenants have')} not returned yet.` : '';
  return {
    pluginId,
    versionId,
    upgrade: null,
    kind: 'rolled_back',
    title: `${pluginId} ${version} was rolled back`,
    message: `Version ${version} was withdrawn and ${now}. ${reason}${late}`,
    priority: 'high',
  };
}
