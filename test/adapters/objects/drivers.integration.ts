import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ObjectStore } from '../../../adapters/objects/objectStore';
import {
  readBytes,
  grantFor,
  inAnHour,
  listKeys,
  put,
  send,
  someParts,
} from '../../support/builders/objects';
import { filesystemSubject, gcsSubject, type Subject } from '../../support/servers/objectStores';

describe.each([
  ['filesystem', filesystemSubject],
  ['gcs', gcsSubject],
] as const)('The %s driver of the object store', (driver, open) => {
  let subject: Subject;
  let objects: ObjectStore;

  beforeAll(async () => {
    subject = await open();
    objects = subject.objects;
  });
  afterAll(() => subject.close());

  test('says which driver it is and that it is healthy', async () => {
    expect(objects.driver).toBe(driver);
    await expect(objects.health()).resolves.toBeUndefined();
  });

  test('joins parts that came out of order and one of them twice into the same object [API-34]', async () => {
    const parts = someParts('out-of-order/parts/', 5, 70_000);
    for (const index of [3, 0, 4, 1, 3, 2]) {
      const part = parts[index]!;
      expect((await put(objects, part.key, part.bytes)).ok).toBe(true);
    }
    const sources = parts.map((part) => part.key);
    expect(await listKeys(objects, 'out-of-order/parts/')).toEqual(sources);

    const target = 'out-of-order/package.pxp';
    const joined = await objects.compose({ sources, target });
    expect(joined).toMatchObject({ key: target, bytes: 350_000 });
    const whole = Buffer.concat(parts.map((part) => part.bytes));
    expect((await readBytes(await objects.read(target))).equals(whole)).toBe(true);
  });

  test('tells of each uploaded part its length and MD5, which is what resuming asks [API-34]', async () => {
    const [part] = someParts('resume/', 1, 1234);
    await put(objects, part!.key, part!.bytes);
    const { md5 } = grantFor(part!.key, part!.bytes);
    expect(await objects.stat(part!.key)).toMatchObject({ key: part!.key, bytes: 1234, md5 });
    expect(await objects.stat('resume/0002')).toBeUndefined();
  });

  test('joins forty parts over intermediate objects and leaves none of them behind', async () => {
    const parts = someParts('tree/parts/', 40, 1000);
    await Promise.all(parts.map((part) => objects.write(part.key, Readable.from([part.bytes]))));
    const before = await listKeys(objects, '');
    const sources = parts.map((part) => part.key);
    await objects.compose({ sources, target: 'tree/package.pxp' });
    const whole = Buffer.concat(parts.map((part) => part.bytes));
    expect((await readBytes(await objects.read('tree/package.pxp'))).equals(whole)).toBe(true);
    expect(await listKeys(objects, '')).toEqual([...before, 'tree/package.pxp'].sort());
  });

  test('counts a join as done when it was done before, also after the parts were cleared away', async () => {
    const parts = someParts('again/parts/', 35, 500);
    await Promise.all(parts.map((part) => objects.write(part.key, Readable.from([part.bytes]))));
    const join = { sources: parts.map((part) => part.key), target: 'again/package.pxp' };
    const first = await objects.compose(join);
    expect(await objects.compose(join)).toEqual(first);
    await objects.remove(join.sources);
    expect(await objects.compose(join)).toEqual(first);
    expect(await listKeys(objects, 'compose/')).toEqual([]);
  });

  test('refuses to join other bytes into an object that exists, and keeps the object', async () => {
    await objects.write('conflict/package.pxp', Readable.from([Buffer.from('first')]));
    await objects.write('conflict/parts/1', Readable.from([Buffer.from('other')]));
    const join = objects.compose({ sources: ['conflict/parts/1'], target: 'conflict/package.pxp' });
    await expect(join).rejects.toMatchObject({ code: 'OBJECT_CONFLICT' });
    expect(String(await readBytes(await objects.read('conflict/package.pxp')))).toBe('first');
    expect(await listKeys(objects, 'compose/')).toEqual([]);
  });

  test('refuses to join parts of which one is missing, and makes no object', async () => {
    await objects.write('gap/parts/1', Readable.from([Buffer.from('one')]));
    const join = objects.compose({ sources: ['gap/parts/1', 'gap/parts/2'], target: 'gap/package.pxp' });
    await expect(join).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect(await objects.stat('gap/package.pxp')).toBeUndefined();
  });

  test('reads ranges whose both ends are inclusive', async () => {
    const bytes = randomBytes(10_000);
    await objects.write('ranges/object', Readable.from([bytes]));
    const range = await readBytes(await objects.read('ranges/object', { start: 100, end: 199 }));
    expect(range.equals(bytes.subarray(100, 200))).toBe(true);
    const tail = await readBytes(await objects.read('ranges/object', { start: 9990, end: 9999 }));
    expect(tail.equals(bytes.subarray(9990))).toBe(true);
  });

  test('lists more objects than one page holds, in byte order, and only those of the prefix', async () => {
    const keys = Array.from({ length: 620 }, (_, index) => `pages/${String(index).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(
        keys.slice(at, at + 50).map((key) => objects.write(key, Readable.from([Buffer.from(key)]))),
      );
    }
    await objects.write('pages.other', Readable.from([Buffer.from('x')]));
    expect(await listKeys(objects, 'pages/')).toEqual(keys);
    expect(await listKeys(objects, 'pages/000')).toEqual(keys.slice(0, 10));
    expect((await listKeys(objects, 'pages')).slice(0, 2)).toEqual(['pages.other', 'pages/0000']);
    expect(await listKeys(objects, 'nothing/')).toEqual([]);
  });

  test('replaces an object in one step and removes it, also when it is gone already', async () => {
    await objects.write('life/object', Readable.from([Buffer.from('one')]));
    const written = await objects.write('life/object', Readable.from([Buffer.from('three')]));
    expect(written).toMatchObject({ key: 'life/object', bytes: 5 });
    expect(Date.parse(written.updatedAt)).not.toBeNaN();
    await objects.remove(['life/object', 'life/never-there']);
    await objects.remove(['life/object']);
    await expect(objects.read('life/object')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  test('keeps the object as it was when the bytes of a new one break off', async () => {
    await objects.write('broken/object', Readable.from([Buffer.from('whole')]));
    const breaking = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('the source broke off');
      })(),
    );
    await expect(objects.write('broken/object', breaking)).rejects.toThrow();
    expect(String(await readBytes(await objects.read('broken/object')))).toBe('whole');
  });

  test('takes nothing more for an upload that ended where it can tell, and else what was signed before', async () => {
    const [part] = someParts(`ended-${driver}/`, 1, 100);
    const request = await objects.signPut(grantFor(part!.key, part!.bytes));
    await objects.endPuts(`ended-${driver}/`, inAnHour());
    await objects.endPuts(`ended-${driver}/`, inAnHour());
    // A bucket knows signatures only: what it takes is removed by the worker's sweep.
    expect((await send(request, part!.bytes)).status).toBe(driver === 'filesystem' ? 410 : 200);
  });

  test('hands out a download that serves the bytes whole and by range', async () => {
    const bytes = randomBytes(5000);
    await objects.write('download/object', Readable.from([bytes]));
    const request = await objects.signGet({
      key: 'download/object',
      expiresAt: inAnHour(),
      downloadName: 'demo-1.0.0-any-any.pxp',
    });
    const whole = await send(request);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await send(request, undefined, { range: 'bytes=10-19' });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
  });

  test.each([
    '../escape',
    '/absolute',
    'a//b',
    'a/../b',
    '.hidden',
    'a/',
    '',
    'a\\b',
    'a\0b',
    'x'.repeat(600),
  ])('refuses the key %j everywhere', async (key) => {
    const refused = { code: 'OBJECTS_KEY_INVALID' };
    await expect(objects.signPut(grantFor(key, Buffer.from('x')))).rejects.toMatchObject(refused);
    await expect(objects.signGet({ key, expiresAt: inAnHour() })).rejects.toMatchObject(refused);
    await expect(objects.write(key, Readable.from([Buffer.from('x')]))).rejects.toMatchObject(refused);
    await expect(objects.read(key)).rejects.toMatchObject(refused);
    await expect(objects.stat(key)).rejects.toMatchObject(refused);
    await expect(objects.remove([key])).rejects.toMatchObject(refused);
    await expect(objects.compose({ sources: [key], target: 'fine' })).rejects.toMatchObject(refused);
  });
});
