import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { grantFor, inAnHour, send } from '../../support/builders/objects';
import { openObjectServer, type ObjectServer } from '../../support/servers/objectServer';
import { changed, readRefusal } from '../../support/requests/objects';

let server: ObjectServer;

beforeEach(async () => {
  server = await openObjectServer();
});
afterEach(() => server.close());

const bytes = randomBytes(100_000);
const key = 'releases/demo/parts/0001';
const signedPut = () => server.objects.signPut(grantFor(key, bytes));

describe('The object server itself', () => {
  test('never logs a signature', async () => {
    await send(await signedPut(), bytes);
    const request = await server.objects.signGet({ key, expiresAt: inAnHour() });
    await send(request);
    await send(changed(request, (url) => url.searchParams.set('expires', '1')));
    const signature = new URL(request.url).searchParams.get('signature') ?? '';
    expect(server.log()).toContain(key);
    expect(signature).toHaveLength(43);
    expect(server.log()).not.toContain(signature);
    expect(server.log()).not.toContain('signature=');
  });

  test('is alive, ready and measured', async () => {
    await send(await signedPut(), bytes);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('spillway_objects_stored_bytes_total 100000');
    expect(metrics).toMatch(/spillway_objects_request_seconds_count\{method="PUT",status="200"\} 1/);
  });

  test('is not ready when its folder cannot be used, and says that a retry may help', async () => {
    const incoming = path.join(server.dir, 'incoming');
    await rm(incoming, { recursive: true, force: true });
    await writeFile(incoming, 'a file where a folder should be');
    const response = await fetch(`${server.url}/readyz`);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ready: false, components: { folder: { ready: false } } });
    expect(await readRefusal(await send(await signedPut(), bytes))).toMatchObject({
      code: 'OBJECTS_UNAVAILABLE',
    });
  });

  test('knows neither other addresses nor other methods', async () => {
    expect(await readRefusal(await fetch(`${server.url}/`))).toEqual({
      code: 'ROUTE_NOT_FOUND',
      status: 404,
    });
    const request = await signedPut();
    const response = await fetch(request.url, { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, HEAD, PUT');
    expect(await readRefusal(response)).toEqual({ code: 'METHOD_NOT_ALLOWED', status: 405 });
  });

  test('clears what killed uploads left behind, and nothing that is still under way', async () => {
    const incoming = path.join(server.dir, 'incoming');
    await mkdir(incoming, { recursive: true });
    await writeFile(path.join(incoming, 'left'), 'half a part');
    expect(await server.objects.sweep(new Date(Date.now() - 60_000))).toBe(0);
    expect(await server.objects.sweep(new Date(Date.now() + 60_000))).toBe(1);
    expect(await readdir(incoming)).toEqual([]);
  });
});
