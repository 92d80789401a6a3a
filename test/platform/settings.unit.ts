import { z } from 'zod';
import { apiConfig } from '../../api/config';
import { readConfig } from '../../host/config';
import { flagSetting } from '../../platform/settings/flag';
import { prefixSetting } from '../../platform/settings/prefix';
import { readSettings } from '../../platform/settings/process';

const api = {
  PORT: '8080',
  DATABASE_URL: 'postgres://localhost/spillway',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  SPILLWAY_OBJECTS_URL: 'https://objects.example',
  SPILLWAY_OBJECTS_DIR: '/data',
  SPILLWAY_OBJECTS_SECRET: 'secret-of-the-objects',
};
const host = {
  PORT: '8081',
  SPILLWAY_API_URL: 'https://market.example',
  SPILLWAY_TENANT_ID: 'acme',
  SPILLWAY_TENANT_TOKEN: 'token-of-acme',
  SPILLWAY_HOST_DIR: '/data',
  SPILLWAY_HOST_ADMIN_TOKEN: 'token-of-the-administration',
};

const parse = (prefix: string) => prefixSetting('/api/v1').safeParse(prefix).success;

test.each(['/api/v1', '/api/v1.2', '/x', '/_tenants/a-b'])('%s is a prefix of paths', (prefix) => {
  expect(parse(prefix)).toBe(true);
});

test.each([
  '',
  '/',
  'api',
  '/api/',
  '/api//v1',
  '/../v1',
  '/api/./v1',
  '/api/{all}',
  '/a b',
  '/a%2fb',
  '/:id',
])('"%s" is none', (prefix) => {
  expect(parse(prefix)).toBe(false);
});

test('API and host read a tenant prefix alike, so that they always meet', () => {
  for (const SPILLWAY_TENANT_PREFIX of ['/api/v1.2', '/api//v1', '/tenants', '/tenants/']) {
    const reads = [
      () => apiConfig({ ...api, SPILLWAY_TENANT_PREFIX }).settings.tenantPrefix,
      () => readConfig({ ...host, SPILLWAY_TENANT_PREFIX }).marketplace.tenantPrefix,
    ].map((read) => {
      try {
        return read();
      } catch {
        return 'refused';
      }
    });
    expect(reads[0]).toBe(reads[1]);
  }
});

test('a flag is on or off in both spellings, and nothing else', () => {
  const read = (text: string | undefined) => flagSetting(false).safeParse(text).data;
  expect(['1', 'true', '0', 'false', undefined, 'yes'].map(read)).toEqual([
    ...[true, true, false, false, false, undefined],
  ]);
});

test('settings that are wrong are all named at once, without their values', () => {
  const schema = z.object({ PORT: z.coerce.number(), SECRET: z.string().min(20) });
  const read = () => readSettings(schema, { PORT: 'eighty', SECRET: 'hidden-word' }, 'the worker');
  expect(read).toThrow(/the worker.*PORT.*SECRET/s);
  expect(read).not.toThrow(/hidden-word|eighty/);
});
