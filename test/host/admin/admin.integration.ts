import { PLUGIN } from '../../support/builders/manifest';
import { scripts } from '../../support/builders/plugins';
import { useScene, type JobBody } from '../support/scene';
import { until } from '../../support/waiting';
import { activeIn } from '../support/testHost';

const scene = useScene();

test('the tenant chooses a version by the API, and keeps it [INS-06]', async () => {
  await scene.withFirstVersion();
  scene.marketplace.offer(await scene.build({ version: '1.1.0' }));
  await scene.reported('1.1.0', 'installed');
  const { status, body } = await scene.admin('POST', `/api/v1/admin/plugins/${PLUGIN}/install`, {
    version: '1.0.0',
  });
  expect(status).toBe(202);
  await scene.ended((body as JobBody).installJobId);
  expect(await activeIn(scene.folder)).toBe('1.0.0');
  scene.marketplace.offer(await scene.build({ version: '1.2.0' }));
  await scene.reported('1.2.0', 'installed');
  expect(scene.marketplace.kinds('1.1.0')).toEqual(['installed']);
  const absent = await scene.admin('POST', `/api/v1/admin/plugins/${PLUGIN}/install`, { version: '7.0.0' });
  expect(absent.status).toBe(404);
});

test('an operator rolls back, and the version that was left is not taken again by itself', async () => {
  await scene.withFirstVersion();
  scene.marketplace.offer(await scene.build({ version: '1.1.0' }));
  await scene.reported('1.1.0', 'installed');
  const { status, body } = await scene.admin('POST', `/api/v1/admin/plugins/${PLUGIN}/rollback`);
  expect(status).toBe(202);
  await scene.ended((body as JobBody).installJobId);
  scene.marketplace.offer(await scene.build({ id: 'com.example.other', version: '1.0.0' }), {
    pluginId: 'com.example.other',
  });
  await scene.reported('1.1.0', 'rolled_back');
  expect(await activeIn(scene.folder)).toBe('1.0.0');
  expect(scene.marketplace.kinds('1.1.0')).toEqual(['installed', 'rolled_back']);
});

test('one plugin has one job at a time', async () => {
  scene.marketplace.offer(await scene.build({ version: '1.0.0', health: scripts.slow(1500) }));
  await until('a job under way', () => scene.host.jobs.isBusy(PLUGIN));
  const { status, body } = await scene.installFrom(`${scene.marketplace.url}/store/${PLUGIN}@1.0.0`);
  expect([status, body.code]).toEqual([409, 'INSTALL_BUSY']);
  await scene.reported('1.0.0', 'installed');
});

test.each([
  ['no token', '', 401, 'TOKEN_MISSING'],
  ['another token', 'other', 401, 'TOKEN_INVALID'],
])('the admin API refuses %s', async (_what, token, status, code) => {
  const answer = await scene.admin('GET', '/api/v1/admin/plugins', undefined, token);
  expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
});

test.each([
  ['that is no JSON', '{not json', 400, 'BODY_NOT_JSON'],
  ['without an address', '{}', 422, 'BODY_INVALID'],
  ['that is a list', '[]', 422, 'BODY_INVALID'],
  ['that asks for an inactive plugin', '{"url":"https://example.com/x","enable":false}', 422, 'BODY_INVALID'],
  ['with a path for an id', '{"url":"https://example.com/x","pluginId":"../../etc"}', 422, 'BODY_INVALID'],
  ['of 70 KB', `{"url":"${'x'.repeat(70_000)}"}`, 413, 'BODY_TOO_LARGE'],
])('the admin API refuses a body %s with its own code', async (_what, text, status, code) => {
  const answer = await scene.admin('POST', '/api/v1/admin/plugins/install/url', text);
  expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
});
