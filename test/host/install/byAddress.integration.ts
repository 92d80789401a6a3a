import { PLUGIN } from '../../support/builders/manifest';
import { useScene, type JobBody } from '../support/scene';
import { activeIn } from '../support/testHost';

const scene = useScene();

test('installing by address answers 202 with a job, also where a slash is doubled or the prefix is lost [INS-01]', async () => {
  await scene.withFirstVersion();
  const built = await scene.build({ version: '2.0.0' });
  scene.marketplace.offer(built, { rule: { salt: 's', basisPoints: 0, allow: [], deny: [] } });
  const url = `${scene.marketplace.url}/store/${PLUGIN}@2.0.0`;
  const { status, body } = await scene.installFrom(
    url,
    { sha256: built.sha256 },
    '//admin/plugins/install/url',
  );
  expect(status).toBe(202);
  expect(body).toEqual({ installJobId: expect.any(String) as string, status: 'pending' });
  expect(await scene.ended(body.installJobId)).toMatchObject({ status: 'success', activeVersion: '2.0.0' });
  const again = await scene.installFrom(url, { force: true }, '/api/v1//admin///plugins/install/url');
  expect(again.status).toBe(202);
  expect(await scene.ended(again.body.installJobId)).toMatchObject({ status: 'success', version: '2.0.0' });
  const { body: list } = await scene.admin('GET', '/api/v1/admin/plugins');
  expect(list).toEqual({
    plugins: [{ id: PLUGIN, version: '2.0.0', state: 'active', previousVersion: '1.0.0' }],
  });
});

test('wrong digest, too many bytes and a redirect to a private address are refused [INS-02]', async () => {
  await scene.withFirstVersion();
  const url = `${scene.marketplace.url}/store/${PLUGIN}@1.0.0`;
  const wrong = await scene.installFrom(url, { sha256: 'a'.repeat(64), force: true });
  expect(await scene.ended(wrong.body.installJobId)).toMatchObject({
    status: 'failed',
    errorCode: 'PACKAGE_DIGEST',
  });

  scene.marketplace.route('/away', (_request, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
  });
  const away = await scene.installFrom(`${scene.marketplace.url}/away`);
  expect(await scene.ended(away.body.installJobId)).toMatchObject({
    status: 'failed',
    errorCode: 'INSTALL_SOURCE_REFUSED',
  });

  scene.marketplace.route('/endless', (_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(Buffer.alloc(256 * 1024)), 5);
    response.on('close', () => clearInterval(timer));
  });
  await scene.stopHost();
  await scene.startHost({ SPILLWAY_MAX_PACKAGE_BYTES: '1000000' });
  const endless = await scene.installFrom(`${scene.marketplace.url}/endless`);
  expect(await scene.ended(endless.body.installJobId)).toMatchObject({
    status: 'failed',
    errorCode: 'PACKAGE_TOO_LARGE',
  });

  expect(await activeIn(scene.folder)).toBe('1.0.0');
  expect(await scene.inFolder('staging')).toEqual([]);
  expect(scene.marketplace.kinds('1.0.0')).toEqual(['installed']);
});

test.each([
  ['https://127.0.0.1/x.pxp', 'INSTALL_SOURCE_REFUSED'],
  ['https://[::ffff:10.0.0.1]/x.pxp', 'INSTALL_SOURCE_REFUSED'],
  ['https://2130706433/x.pxp', 'INSTALL_SOURCE_REFUSED'],
  ['http://example.com/x.pxp', 'INSTALL_SOURCE_REFUSED'],
  ['file:///etc/passwd', 'INSTALL_SOURCE_REFUSED'],
  ['https://user:pass@example.com/x.pxp', 'INSTALL_SOURCE_REFUSED'],
])('the address %s is refused before anything is asked of it [INS-02]', async (url, code) => {
  const { status, body } = await scene.installFrom(url);
  expect([status, body.code]).toEqual([422, code]);
});

test('a name that resolves to this machine is refused [INS-02]', async () => {
  const { body } = await scene.installFrom('https://localhost:9/x.pxp');
  expect(await scene.ended(body.installJobId)).toMatchObject({
    status: 'failed',
    errorCode: 'INSTALL_SOURCE_REFUSED',
  });
});

test('the log of a job shows each phase with its time, and no signed address [INS-03]', async () => {
  await scene.withFirstVersion();
  const { body } = await scene.installFrom(
    `${scene.marketplace.url}/store/${PLUGIN}@1.0.0?signature=secret`,
    {
      force: true,
    },
  );
  await scene.ended(body.installJobId);
  const { body: logs } = await scene.admin(
    'GET',
    `/api/v1/admin/plugins/install/logs?jobId=${body.installJobId}`,
  );
  const { lines } = logs as JobBody;
  const done = lines.filter((line) => line.type === 'phase' && line.status === 'done');
  expect(done.map((line) => line.phase)).toEqual([
    ...['check', 'download', 'verify', 'admit', 'backup', 'unpack', 'switch', 'health', 'commit'],
  ]);
  for (const line of done) {
    expect(line.ms).toEqual(expect.any(Number));
    expect(Date.parse(line.at)).not.toBeNaN();
  }
  expect(JSON.stringify(logs)).not.toContain('secret');
  for (const line of scene.logs) expect(() => JSON.parse(line) as unknown).not.toThrow();
  expect(scene.logs.join('')).not.toMatch(/secret|host_admin_token|tenant_token/);
});
