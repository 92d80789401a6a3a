import { signerConfig } from '../../signer/service/config';

const needed = {
  PORT: '0',
  DATABASE_URL: 'postgres://user@database/spillway',
  SPILLWAY_SIGNER_KEYS: '/keys',
};

test('a signer looks at the feed four times a second and at everything once a minute, unless told otherwise', () => {
  expect(signerConfig(needed)).toMatchObject({
    keys: '/keys',
    pollMs: 250,
    checkMs: 60_000,
    host: '127.0.0.1',
  });
  const told = { SPILLWAY_SIGNER_POLL: '1s', SPILLWAY_SIGNER_CHECK: '10s' };
  expect(signerConfig({ ...needed, ...told })).toMatchObject({ pollMs: 1_000, checkMs: 10_000 });
});

test('a signer without the folder of its keys does not start', () => {
  expect(() => signerConfig({ ...needed, SPILLWAY_SIGNER_KEYS: undefined })).toThrow('SPILLWAY_SIGNER_KEYS');
});
