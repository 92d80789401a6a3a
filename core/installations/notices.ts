import { catalogue, isErrorCode } from '../errors/catalogue';
import type { Notice, NoticeSubject } from '../notifications/notice';

/** A failed installation, as its tenant and the publisher are told of it (ACC-08). */
export function installFailed(
  { pluginId, version, versionId }: NoticeSubject,
  activeVersion: string | null,
): Record<'toTenant' | 'toPublisher', Notice<'install_failed'>> {
  const running = activeVersion ? `${activeVersion} is active.` : 'No version is active.';
  const base = {
    kind: 'install_failed' as const,
    pluginId,
    versionId,
    title: `${pluginId} ${version} could not be installed`,
    priority: 'high' as const,
    upgrade: null,
  };
  return {
    toTenant: { ...base, message: `The installation of ${version} failed and was undone. ${running}` },
    toPublisher: {
      ...base,
      message: `The installation of ${version} failed on a tenant's host and was undone.`,
    },
  };
}

/** A host that cannot take a version though nothing is wrong with it, as its tenant is told: why, and what helps. */
export function installTrouble(
  { pluginId, version, versionId }: NoticeSubject,
  { errorCode = '', detail }: { errorCode?: string | undefined; detail?: string | undefined },
): Notice<'install_trouble'> {
  const known = isErrorCode(errorCode) ? catalogue[errorCode] : undefined;
  return {
    kind: 'install_trouble',
    pluginId,
    versionId,
    title: `${pluginId} ${version} waits for your host`,
    message: [
      `Version ${version} is not installed yet, and nothing is wrong with it.`,
      detail ?? `${known?.title ?? 'No reason was given'}.`,
      ...(known ? [known.next] : []),
    ].join(' '),
    priority: 'high',
    upgrade: null,
  };
}
