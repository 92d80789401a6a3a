import { apiConfig } from '../../api/config';

const least = {
  PORT: '8080',
  DATABASE_URL: 'postgres://localhost/spillway',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  SPILLWAY_OBJECTS_URL: 'https://store.example',
  SPILLWAY_OBJECTS_DIR: '/data',
  SPILLWAY_OBJECTS_SECRET: 'secret-of-the-store',
};

test('the least settings are enough, and the rest has defaults for one machine', () => {
  expect(apiConfig(least)).toMatchObject({
    host: '127.0.0.1',
    temporal: { namespace: 'default', tls: false },
    objects: { driver: 'filesystem', publicUrl: 'https://store.example' },
    settings: {
      tenantPrefix: '/api/v1',
      pollSeconds: { idle: 60, active: 10 },
      uploadUrlLifetimeMs: 3_600_000,
    },
  });
});

test('an API key of the workflow engine travels over TLS only', () => {
  expect(apiConfig({ ...least, TEMPORAL_API_KEY: 'key' }).temporal.tls).toEqual({});
});

test('proxies are trusted by address and network, and none is unless it is named', () => {
  const named = apiConfig({ ...least, SPILLWAY_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1,2001:db8::/32' });
  expect(named.settings.trustedProxies).toEqual(['10.0.0.0/8', '127.0.0.1', '2001:db8::/32']);
  expect(apiConfig(least).settings.trustedProxies).toEqual([]);
});

test('hosts never wait longer than a quarter of an hour, whatever is set', () => {
  const config = apiConfig({ ...least, SPILLWAY_FEED_POLL_IDLE: '2h', SPILLWAY_FEED_POLL_ACTIVE: '2s' });
  expect(config.settings.pollSeconds).toEqual({ idle: 900, active: 2 });
});

test.each([
  ['DATABASE_URL', 'not a url'],
  ['PORT', '70000'],
  ['SPILLWAY_TENANT_PREFIX', '/api/{all}'],
  ['SPILLWAY_UPLOAD_URL_LIFETIME', 'soon'],
  ['SPILLWAY_TRUSTED_PROXIES', 'everybody'],
  ['SPILLWAY_TRUSTED_PROXIES', '10.0.0.0/99'],
])('a %s that is not valid is named, and its value is not repeated', (name, value) => {
  const attempt = () => apiConfig({ ...least, [name]: value });
  expect(attempt).toThrow(name);
  expect(attempt).not.toThrow(value);
});

test.each(['SPILLWAY_OBJECTS_DIR', 'SPILLWAY_OBJECTS_SECRET', 'SPILLWAY_OBJECTS_URL'])(
  '%s is needed by the folder driver, and asked for by its name',
  (name) => {
    expect(() => apiConfig({ ...least, [name]: undefined })).toThrow(name);
  },
);
