import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { grantFor, listKeys, readBytes, someParts } from '../../support/builders/objects';
import { gcsSubject } from '../../support/servers/objectStores';

describe('A join in Cloud Storage that a crash cut short', () => {
  test('is done again over what the crash left, and clears it', async () => {
    const { objects } = await gcsSubject();
    const parts = someParts('crash/parts/', 40, 300);
    await Promise.all(parts.map((part) => objects.write(part.key, Readable.from([part.bytes]))));
    const join = { sources: parts.map((part) => part.key), target: 'crash/package.pxp' };
    const scratch = `compose/${createHash('sha256').update(join.target).digest('hex')}/`;
    const leave = (name: string) => objects.write(scratch + name, Readable.from([Buffer.from('stale')]));

    await leave('0-0'); // the crash came before the last request
    await objects.compose(join);
    await leave('0-1'); // the crash came between the last request and the clearing
    await objects.compose(join);

    const whole = Buffer.concat(parts.map((part) => part.bytes));
    expect((await readBytes(await objects.read(join.target))).equals(whole)).toBe(true);
    expect(await listKeys(objects, 'compose/')).toEqual([]);
  });
});

describe('What a signed upload to Cloud Storage binds', () => {
  test('length, MD5, SHA-256 and expiry are all under the signature [API-33]', async () => {
    const { objects } = await gcsSubject();
    const grant = grantFor('bound/part', Buffer.from('bytes'), new Date(Date.now() + 60_000));
    const request = await objects.signPut(grant);
    expect(request.headers).toEqual({
      'content-type': 'application/octet-stream',
      'content-md5': grant.md5,
      'x-goog-content-length-range': '5,5',
      'x-goog-meta-sha256': grant.sha256,
    });
    const query = new URL(request.url).searchParams;
    // The emulator checks none of it; Cloud Storage refuses a request that lacks a signed header.
    expect(query.get('X-Goog-SignedHeaders')?.split(';')).toEqual(
      expect.arrayContaining([
        'content-md5',
        'content-type',
        'x-goog-content-length-range',
        'x-goog-meta-sha256',
      ]),
    );
    expect(Number(query.get('X-Goog-Expires'))).toBeGreaterThan(55);
    expect(Number(query.get('X-Goog-Expires'))).toBeLessThanOrEqual(60);
    expect(query.get('X-Goog-Signature')).toMatch(/^[0-9a-f]{512}$/);
  });

  test('another length, digest or key is another signature [API-33]', async () => {
    const { objects } = await gcsSubject();
    const grant = grantFor('bound/part', Buffer.from('bytes'));
    const signature = async (change: Partial<typeof grant>) =>
      new URL((await objects.signPut({ ...grant, ...change })).url).searchParams.get('X-Goog-Signature');
    const variants = await Promise.all([
      signature({}),
      signature({ bytes: 6 }),
      signature({ md5: grantFor('x', Buffer.from('other')).md5 }),
      signature({ sha256: 'f'.repeat(64) }),
      signature({ key: 'bound/other' }),
    ]);
    expect(new Set(variants).size).toBe(5);
  });
});
