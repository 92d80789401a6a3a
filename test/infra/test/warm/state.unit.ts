import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { identifyProcess, type ProcessIdentity } from '../../../../platform/processes/identity';
import { stopWarmServers } from '../../../../infra/test/warm/find';
import { readWarmState, warmStateFile, type WarmState } from '../../../../infra/test/warm/state';

const folder = mkdtempSync(path.join(tmpdir(), 'spillway-warm-'));
const file = path.join(folder, 'clone.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const self = identifyProcess(process.pid)!;
const servers = { databaseUrl: 'postgres://x', temporalAddress: 'y:1', gcsUrl: 'http://z' };

const leave = (keeper: ProcessIdentity): WarmState => {
  const state = { keeper, digest: 'd', servers };
  writeFileSync(file, JSON.stringify(state));
  return state;
};

describe('the record of warm test servers', () => {
  test('counts while the process that holds them is alive', () => {
    const state = leave(self);
    expect(readWarmState(file)).toEqual(state);
  });

  test.each<[string, () => unknown]>([
    ['nobody left', () => rmSync(file, { force: true })],
    ['a crash cut off', () => writeFileSync(file, '{"keeper":')],
    ['a dead process left', () => leave({ pid: 2 ** 22 + 1, startedAt: self.startedAt })],
    ['a process left whose number belongs to another one now', () => leave({ ...self, startedAt: '1' })],
  ])('that %s counts for nothing, and stopping hits no stranger', async (_, write) => {
    write();
    expect(readWarmState(file)).toBeUndefined();
    expect(await stopWarmServers(file)).toBe(false);
  });

  test('is in the cache of the user, and one for each clone', () => {
    const at = warmStateFile({ HOME: folder, XDG_CACHE_HOME: path.join(folder, 'cache') });
    expect(path.basename(path.dirname(at))).toBe('test-servers');
    expect(path.basename(at)).toMatch(/^[a-f0-9]{12}\.json$/);
  });
});
