import type { ErrorCode } from '../errors/errors';

/** What a host meets because of itself; it says nothing about the version. */
const ownTrouble: ReadonlySet<string> = new Set<ErrorCode>([
  'HOST_INCOMPATIBLE',
  'HOST_FOLDER_BUSY',
  'INSTALL_BACKUP_MISSING',
  'INSTALL_BUSY',
  'INSTALL_SOURCE_REFUSED',
  'PUBLISHER_CHANGED',
]);

/** Whether a report is a result of the version's own. A failure without a known code is one. */
export const isResultOfVersion = (report: { kind: string; errorCode?: string | undefined }): boolean =>
  !(report.kind === 'failed' && report.errorCode !== undefined && ownTrouble.has(report.errorCode));
