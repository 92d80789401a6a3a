import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { request } from 'undici';
import { createFilesystemStore } from '../../../adapters/objects/filesystem/store';
import { readBytes, grantFor, inAnHour, listKeys, send } from '../../support/builders/objects';
import { openObjectServer, type ObjectServer } from '../../support/servers/objectServer';
import { eventually } from '../../support/waiting';
import { changed, readRefusal, sendRaw } from '../../support/requests/objects';

let server: ObjectServer;

beforeEach(async () => {
  server = await openObjectServer();
});
afterEach(() => server.close());

const bytes = randomBytes(100_000);
const key = 'releases/demo/parts/0001';
const signedPut = (over: Partial<ReturnType<typeof grantFor>> = {}) =>
  server.objects.signPut({ ...grantFor(key, bytes), ...over });

/** Nothing under the key, and no temporary file either. */
async function expectNothingLeft(): Promise<void> {
  expect(await server.objects.stat(key)).toBeUndefined();
  expect(await listKeys(server.objects, '')).toEqual([]);
  const incoming = await readdir(path.join(server.dir, 'incoming')).catch(() => []);
  expect(incoming).toEqual([]);
}

const sendChunked = (target: string, chunks: Buffer[]) => sendRaw(server, target, { method: 'PUT' }, chunks);

/** Waits until a folder has no file any more. */
const vanished = (list: () => Promise<string[]>): Promise<void> =>
  eventually('an empty folder', async () => expect(await list().catch(() => [])).toEqual([]));

describe('An upload to the object server', () => {
  test('stores the bytes that were signed for', async () => {
    const response = await send(await signedPut(), bytes);
    expect(response.status).toBe(200);
    expect((await readBytes(await server.objects.read(key))).equals(bytes)).toBe(true);
  });

  test('may come again and leaves the same object [API-34]', async () => {
    const request = await signedPut();
    expect((await send(request, bytes)).status).toBe(200);
    expect((await send(request, bytes)).status).toBe(200);
    expect(await listKeys(server.objects, '')).toEqual([key]);
  });

  test('is refused once the upload that the part belongs to has ended, and others are not', async () => {
    await server.objects.endPuts('releases/demo/parts/', inAnHour());
    expect(await readRefusal(await send(await signedPut(), bytes))).toEqual({
      code: 'UPLOAD_ENDED',
      status: 410,
    });
    await expectNothingLeft();
    const other = await server.objects.signPut(grantFor('releases/other/parts/0001', bytes));
    expect((await send(other, bytes)).status).toBe(200);
  });

  test('that is on its way when the upload ends is not kept', async () => {
    const { url } = await signedPut();
    let rest = (): void => undefined;
    const held = new Promise<void>((resolve) => (rest = resolve));
    const body = Readable.from(
      (async function* () {
        yield bytes.subarray(0, 50_000);
        await held;
        yield bytes.subarray(50_000);
      })(),
    );
    const answer = request(url, { method: 'PUT', body });
    await eventually('a part on its way', async () =>
      expect(await readdir(path.join(server.dir, 'incoming'))).toHaveLength(1),
    );
    await server.objects.endPuts('releases/demo/parts/', inAnHour());
    rest();
    const { statusCode, body: said } = await answer;
    expect(statusCode).toBe(410);
    expect(await said.json()).toMatchObject({ code: 'UPLOAD_ENDED' });
    await expectNothingLeft();
  });

  test('ends its note about an upload when no address for it can hold any more', async () => {
    await server.objects.endPuts('releases/demo/parts/', new Date(1_000));
    expect((await send(await signedPut(), bytes)).status).toBe(410);
    await server.objects.sweep(new Date(2_000));
    expect((await send(await signedPut(), bytes)).status).toBe(200);
  });

  test('is taken under another origin than the one that was signed for', async () => {
    const behindProxy = createFilesystemStore({
      dir: server.dir,
      publicUrl: 'https://artifacts.example.com',
      secret: server.secret,
    });
    const request = await behindProxy.signPut(grantFor(key, bytes));
    const here = changed(request, (url) =>
      Object.assign(url, { protocol: 'http:', host: new URL(server.url).host }),
    );
    expect((await send(here, bytes)).status).toBe(200);
  });

  test('is refused when the URL has expired [API-33]', async () => {
    const request = await signedPut({ expiresAt: new Date(Date.now() + 60_000) });
    server.setNow(new Date(Date.now() + 61_000));
    expect(await readRefusal(await send(request, bytes))).toEqual({
      code: 'OBJECTS_URL_EXPIRED',
      status: 403,
    });
    await expectNothingLeft();
  });

  test('is refused when it announces another length [API-33]', async () => {
    const longer = Buffer.concat([bytes, Buffer.from('x')]);
    expect(await readRefusal(await send(await signedPut(), longer))).toEqual({
      code: 'PART_LENGTH',
      status: 422,
    });
    const shorter = bytes.subarray(1);
    expect(await readRefusal(await send(await signedPut(), shorter))).toEqual({
      code: 'PART_LENGTH',
      status: 422,
    });
    await expectNothingLeft();
  });

  test('is refused at the first byte too many when it announces no length [API-33]', async () => {
    const answer = await sendChunked((await signedPut()).url, [bytes, Buffer.from('one more')]);
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'PART_LENGTH' });
    await expectNothingLeft();
  });

  test('is refused when it ends early without having announced a length [API-33]', async () => {
    const answer = await sendChunked((await signedPut()).url, [bytes.subarray(0, 500)]);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'PART_LENGTH' });
    await expectNothingLeft();
  });

  test('is refused when the bytes are others [API-33]', async () => {
    const others = Buffer.from(bytes);
    others[50_000]! ^= 1;
    expect(await readRefusal(await send(await signedPut(), others))).toEqual({
      code: 'PART_DIGEST',
      status: 422,
    });
    await expectNothingLeft();
  });

  test.each([
    ['key', (url: URL) => void (url.pathname += '2')],
    ['length', (url: URL) => url.searchParams.set('bytes', '100001')],
    ['digest', (url: URL) => url.searchParams.set('sha256', 'f'.repeat(64))],
    ['expiry', (url: URL) => url.searchParams.set('expires', '9999999999')],
    ['signature', (url: URL) => url.searchParams.set('signature', 'A'.repeat(43))],
    ['missing signature', (url: URL) => url.searchParams.delete('signature')],
  ])('is refused when the %s of the URL was changed', async (_what, change) => {
    const request = changed(await signedPut(), change);
    expect(await readRefusal(await send(request, bytes))).toEqual({ code: 'OBJECTS_SIGNATURE', status: 403 });
    await expectNothingLeft();
  });

  test('is refused with the signature of a download', async () => {
    const download = await server.objects.signGet({ key, expiresAt: inAnHour() });
    const response = await send({ ...download, method: 'PUT' }, bytes);
    expect(await readRefusal(response)).toEqual({ code: 'OBJECTS_SIGNATURE', status: 403 });
  });

  test.each([
    '../escape',
    '%2e%2e/escape',
    'a/../../escape',
    'a%2F..%2Fb',
    '.hidden',
    'a//b',
    '%00',
    'a%5Cb',
  ])('is refused for the key %s, which names no object', async (bad) => {
    const response = await sendChunked(`/objects/${bad}?signature=x`, [bytes]);
    expect(JSON.parse(response.text)).toMatchObject({ code: 'OBJECTS_KEY_INVALID', status: 400 });
  });

  test('leaves nothing behind when its sender hangs up', async () => {
    const request = await signedPut();
    await new Promise<void>((resolve) => {
      const sent = rawRequest(request.url, { method: 'PUT', headers: { 'content-length': bytes.length } });
      sent.on('error', () => resolve());
      sent.write(bytes.subarray(0, 1000), () => setTimeout(() => sent.destroy(new Error('gone')), 50));
    });
    await vanished(() => readdir(path.join(server.dir, 'incoming')));
    await expectNothingLeft();
  });

  test('is not read to its end when it is refused', async () => {
    const request = changed(await signedPut(), (url) => url.searchParams.set('signature', 'x'));
    let sent = 0;
    const endless = new Readable({
      read() {
        sent += 65_536;
        this.push(sent > 512 * 1024 * 1024 ? null : Buffer.alloc(65_536));
      },
    });
    await new Promise<void>((resolve) => {
      const put = rawRequest(request.url, { method: 'PUT' });
      put.on('error', () => undefined).on('close', () => resolve());
      endless.pipe(put);
    });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });
});
