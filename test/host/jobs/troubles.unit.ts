import { createTroubles } from '../../../host/jobs/troubles';

const at = new Date('2026-11-28T12:00:00Z');
const met = (
  code: 'HOST_DISK_FULL' | 'HOST_CLOCK' | 'DOWNLOAD_CORRUPTED' | 'NOT_IN_STAGE',
  version = '1.1.0',
) => ({
  ...{ pluginId: 'notes', version, code, detail: 'As the test says.' },
});

test('a trouble of the host is told once, and again for another version or by another name', () => {
  const troubles = createTroubles(() => at);
  const told = [
    ...[met('HOST_DISK_FULL'), met('HOST_DISK_FULL'), met('HOST_CLOCK'), met('HOST_DISK_FULL')],
    met('HOST_DISK_FULL', '1.2.0'),
  ];
  expect(told.map(troubles.meet)).toEqual([true, false, true, false, true]);
  expect(troubles.list()).toEqual([{ ...met('HOST_DISK_FULL', '1.2.0'), since: at, times: 1 }]);
  troubles.end('notes');
  expect(troubles.list()).toEqual([]);
});

test('what may pass by itself is fetched again before anybody is told', () => {
  const troubles = createTroubles(() => at);
  const corrupted = met('DOWNLOAD_CORRUPTED');
  expect([1, 2, 3, 4, 5].map(() => troubles.meet(corrupted))).toEqual([false, false, false, true, false]);
});

test('an answer that it is not the turn of the host is no trouble', () => {
  const troubles = createTroubles(() => at);
  expect(troubles.meet(met('NOT_IN_STAGE'))).toBe(false);
  expect(troubles.list()).toEqual([]);
});
