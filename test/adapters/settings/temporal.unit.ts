import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readTemporalConfig, temporalSettings } from '../../../adapters/settings/temporal';
import type { TemporalConfig } from '../../../adapters/temporal/config';
import { isLoopbackAddress } from '../../../adapters/temporal/loopback';
import { createAuthority, issueCertificate, type Certificate } from '../../support/servers/certificates';

const folder = mkdtempSync(path.join(os.tmpdir(), 'spillway-certificates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readSettings = (env: Record<string, string>): TemporalConfig =>
  readTemporalConfig(z.object(temporalSettings).parse(env));

let authority: Certificate;
beforeAll(async () => {
  authority = await createAuthority('Spillway tests');
});

async function writeClient(name: string, days: number, key?: string): Promise<Record<string, string>> {
  const made = await issueCertificate(authority, { name, use: 'client', days });
  const [crt, keyFile] = [path.join(folder, `${name}.crt`), path.join(folder, `${name}.key`)];
  writeFileSync(crt, made.crt);
  writeFileSync(keyFile, key ?? made.key);
  return { TEMPORAL_TLS_CLIENT_CERT_PATH: crt, TEMPORAL_TLS_CLIENT_KEY_PATH: keyFile };
}

test.each([
  'localhost:7233',
  '127.0.0.1:7233',
  '127.9.9.9:1',
  '[::1]:7233',
  '[::ffff:127.0.0.1]:7233',
  'localhost',
])('%s is this machine, and needs no proof of who connects', (address) => {
  expect(isLoopbackAddress(address)).toBe(true);
  expect(readSettings({ TEMPORAL_ADDRESS: address }).tls).toBe(false);
});

test.each([
  'temporal:7233',
  '10.0.0.5:7233',
  '0.0.0.0:7233',
  '[2001:db8::1]:7233',
  'localhost.example:7233',
  '128.0.0.1:7233',
])('a Temporal at %s is refused without proof of who connects', (address) => {
  expect(() => readSettings({ TEMPORAL_ADDRESS: address })).toThrow(
    /TEMPORAL_API_KEY, or TEMPORAL_TLS_CLIENT_CERT_PATH/,
  );
  // TLS alone hides what is said, and lets everybody say it.
  expect(() => readSettings({ TEMPORAL_ADDRESS: address, TEMPORAL_TLS: '1' })).toThrow(
    /is not on this machine/,
  );
});

test('a Temporal elsewhere is taken with an API key, with a certificate, or when the operator says so in words', async () => {
  const elsewhere = { TEMPORAL_ADDRESS: 'temporal.example:7233' };
  expect(readSettings({ ...elsewhere, TEMPORAL_API_KEY: 'key' })).toMatchObject({ apiKey: 'key', tls: {} });
  const certified = readSettings({ ...elsewhere, ...(await writeClient('worker', 1)) });
  expect(certified.tls && certified.tls.clientCertPair?.crt.toString()).toContain('BEGIN CERTIFICATE');
  const words = { TEMPORAL_UNPROTECTED: 'only-spillway-reaches-temporal' };
  expect(readSettings({ ...elsewhere, ...words }).tls).toBe(false);
  expect(() => readSettings({ ...elsewhere, TEMPORAL_UNPROTECTED: '1' })).toThrow();
});

test('a client certificate that cannot work is refused at the start, with the file named', async () => {
  const address = { TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  const expired = await writeClient('expired', -1);
  expect(() => readSettings({ ...address, ...expired })).toThrow(
    /TEMPORAL_TLS_CLIENT_CERT_PATH: the certificate of CN=expired expired on \d{4}-\d{2}-\d{2}\./,
  );
  const foreign = await writeClient('mismatched', 1, authority.key);
  expect(() => readSettings({ ...address, ...foreign })).toThrow(/does not belong to the key/);
  const garbage = await writeClient('garbage', 1, 'no key');
  expect(() => readSettings({ ...address, ...garbage })).toThrow(
    /TEMPORAL_TLS_CLIENT_KEY_PATH: the file holds no private key/,
  );
  const { TEMPORAL_TLS_CLIENT_KEY_PATH: key = '', ...alone } = foreign;
  expect(() => readSettings({ ...address, ...alone })).toThrow(/go together/);
  expect(() => readSettings({ ...address, ...foreign, TEMPORAL_TLS_CLIENT_KEY_PATH: `${key}.gone` })).toThrow(
    /TEMPORAL_TLS_CLIENT_KEY_PATH: ENOENT/,
  );
});

test('TLS that is switched off beside settings that need it is refused', () => {
  const plain = { TEMPORAL_ADDRESS: '127.0.0.1:7233', TEMPORAL_TLS: '0' };
  expect(readSettings(plain).tls).toBe(false);
  expect(() => readSettings({ ...plain, TEMPORAL_API_KEY: 'key' })).toThrow(/TEMPORAL_TLS=0 contradicts/);
  expect(
    readSettings({ TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_TLS_SERVER_NAME: 'temporal.internal' }).tls,
  ).toEqual({
    serverNameOverride: 'temporal.internal',
  });
});

test('keys for payloads are read, an empty setting is none, and a bad one is named without its value', () => {
  const key = randomBytes(32).toString('base64');
  const address = { TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  expect(readSettings({ ...address, SPILLWAY_PAYLOAD_KEYS: `a:${key}` }).payloadKeys).toHaveLength(1);
  expect(readSettings({ ...address, SPILLWAY_PAYLOAD_KEYS: '' }).payloadKeys).toBeUndefined();
  expect(() => readSettings({ ...address, SPILLWAY_PAYLOAD_KEYS: key })).toThrow(
    /^SPILLWAY_PAYLOAD_KEYS: entry 1 is not/,
  );
});
