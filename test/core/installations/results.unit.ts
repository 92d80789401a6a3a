import { isResultOfVersion } from '../../../core/installations/results';

test("a failure is the version's own unless its code names the tenant's trouble", () => {
  const failed = (errorCode?: string) => isResultOfVersion({ kind: 'failed', errorCode });
  const own = ['HOST_INCOMPATIBLE', 'HOST_FOLDER_BUSY', 'INSTALL_BACKUP_MISSING', 'INSTALL_BUSY'];
  expect([...own, 'INSTALL_SOURCE_REFUSED', 'PUBLISHER_CHANGED'].filter(failed)).toEqual([]);
  expect([failed(), failed('HEALTH_CHECK_FAILED'), failed('NO_SUCH_CODE')]).toEqual([true, true, true]);
  expect(isResultOfVersion({ kind: 'installed', errorCode: 'INSTALL_BUSY' })).toBe(true);
});
