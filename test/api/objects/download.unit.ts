import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { inAnHour, send } from '../../support/builders/objects';
import { openObjectServer, type ObjectServer } from '../../support/servers/objectServer';
import { changed, readRefusal, sendRaw } from '../../support/requests/objects';

let server: ObjectServer;

beforeEach(async () => {
  server = await openObjectServer();
});
afterEach(() => server.close());

const bytes = randomBytes(100_000);
const key = 'releases/demo/parts/0001';

describe('A download from the object server', () => {
  const signedGet = (downloadName?: string) =>
    server.objects.signGet({ key, expiresAt: inAnHour(), ...(downloadName ? { downloadName } : {}) });

  beforeEach(() => server.objects.write(key, Readable.from([bytes])));

  test('gives the whole, under the name that it should be saved as', async () => {
    const response = await send(await signedGet('demo-1.0.0-any-any.pxp'));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': '100000',
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename=demo-1.0.0-any-any.pxp',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('gives a range, so that a broken download goes on where it stopped', async () => {
    const request = await signedGet();
    const etag = (await send(request, undefined, { range: 'bytes=0-0' })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const rest = await send(request, undefined, { range: 'bytes=60000-', 'if-range': etag });
    expect(rest.status).toBe(206);
    expect(rest.headers.get('content-range')).toBe('bytes 60000-99999/100000');
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(60_000))).toBe(true);
    const other = await send(request, undefined, { range: 'bytes=60000-', 'if-range': '"other"' });
    expect(other.status).toBe(200);
  });

  test('refuses a range that the object does not have', async () => {
    const response = await send(await signedGet(), undefined, { range: 'bytes=100000-' });
    expect(response.headers.get('content-range')).toBe('bytes */100000');
    expect(await readRefusal(response)).toEqual({ code: 'RANGE_INVALID', status: 416 });
  });

  test('answers HEAD without a body, and 304 to whom has it already', async () => {
    const request = await signedGet();
    const head = await fetch(request.url, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('100000');
    const etag = head.headers.get('etag') ?? '';
    const again = await sendRaw(server, request.url, { method: 'GET', headers: { 'if-none-match': etag } });
    expect(again).toEqual({ status: 304, text: '' });
  });

  test('is refused once the URL has expired, or for another object', async () => {
    const request = await signedGet();
    const other = changed(request, (url) => void (url.pathname += '2'));
    expect(await readRefusal(await send(other))).toEqual({ code: 'OBJECTS_SIGNATURE', status: 403 });
    server.setNow(new Date(Date.now() + 2 * 3_600_000));
    expect(await readRefusal(await send(request))).toEqual({ code: 'OBJECTS_URL_EXPIRED', status: 403 });
  });

  test('says so when the object is gone', async () => {
    const request = await signedGet();
    await server.objects.remove([key]);
    expect(await readRefusal(await send(request))).toEqual({ code: 'OBJECT_NOT_FOUND', status: 404 });
  });
});
