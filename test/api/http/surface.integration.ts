import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listRoutes } from '../../../api/app';
import type { RouteDependencies } from '../../../api/http/dependencies';
import { ask } from '../../support/requests/ask';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';

let market: Marketplace;
let webDir: string;

beforeAll(async () => {
  webDir = await mkdtemp(path.join(tmpdir(), '.spillway-web-'));
  await mkdir(path.join(webDir, 'assets'));
  await writeFile(path.join(webDir, 'index.html'), '<!doctype html><title>Spillway</title>');
  await writeFile(path.join(webDir, 'assets', 'main-1.js'), 'export {};');
  market = await openMarketplace({ webDir });
});
afterAll(async () => {
  await market.stop();
  await rm(webDir, { recursive: true });
});

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<string, { operationId: string; summary: string; responses: Record<string, unknown> }>
  >;
}

test('the OpenAPI document covers every route, and each operation has its own name', async () => {
  const { body } = await ask(`${market.url}/openapi.json`);
  const { openapi, paths } = body as unknown as Document;
  expect(openapi).toBe('3.1.0');
  const operations = Object.entries(paths).flatMap(([at, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${at}`, ...operation })),
  );
  const routes = listRoutes({ settings: { tenantPrefix: '/api/v1' } } as RouteDependencies);
  expect(operations.map(({ name }) => name).sort()).toEqual(
    routes.map(({ method, path: at }) => `${method} ${at}`).sort(),
  );
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { summary, responses } of operations) {
    expect(summary).toMatch(/\.$/);
    expect(Object.keys(responses).length).toBeGreaterThan(1);
  }
});

test('every reference inside the OpenAPI document leads somewhere', async () => {
  const { text, body } = await ask(`${market.url}/openapi.json`);
  for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = pointer
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], body);
    expect(target).toBeDefined();
  }
});

test('the documentation is browsable without any script or style from elsewhere', async () => {
  const page = await ask(`${market.url}/docs`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts) {
    expect(part).toMatch(/^\/docs\//);
    expect((await ask(market.url + part)).status).toBe(200);
  }
  expect(page.text).not.toMatch(/<script>|onclick|style="/);
});

test('the web application takes every address that is not the API’s', async () => {
  for (const address of ['/', '/releases/release%3Ademo%401.0.0', '/reviews']) {
    const page = await ask(market.url + address);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('<title>Spillway</title>')]);
  }
  expect((await ask(`${market.url}/assets/main-1.js`)).headers.get('cache-control')).toContain('immutable');
  expect((await ask(`${market.url}/assets/gone.js`)).status).toBe(404);
  expect((await ask(`${market.url}/api/nothing`)).body.code).toBe('ROUTE_NOT_FOUND');
  expect((await ask(`${market.url}/..%2f..%2fpackage.json`)).text).not.toContain('"spillway"');
});

test('the process is alive at once and ready when database, engine and store answer', async () => {
  expect((await ask(`${market.url}/healthz`)).body).toEqual({ status: 'alive' });
  expect((await ask(`${market.url}/readyz`)).body).toEqual({
    ready: true,
    components: { postgres: { ready: true }, temporal: { ready: true }, objects: { ready: true } },
  });
});

test('metrics are counted by route template, never by id', async () => {
  await ask(`${market.url}/api/marketplace/plugins/demo-plugin%401.0.0`);
  const { text } = await ask(`${market.url}/metrics`);
  expect(text).toContain('route="/api/marketplace/plugins/{versionId}"');
  expect(text).toContain('spillway_publish_total');
  expect(text).not.toContain('demo-plugin');
});
