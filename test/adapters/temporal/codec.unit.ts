import { randomBytes } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import fc from 'fast-check';
import { createDataConverter, createPayloadCodec } from '../../../adapters/temporal/codec';
import { parsePayloadKeys, type PayloadKey } from '../../../adapters/temporal/keys';

const { Payload } = temporal.api.common.v1;

const createKey = (id: string): PayloadKey => ({ id, key: randomBytes(32) });
const newest = createKey('2026-11');
const older = createKey('2026-05');
const plain = {
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify({ reviewer: 'ada@example.com' })),
};
const plainBytes = Payload.encode(plain).finish();

test('an encrypted payload shows nothing of what it holds and opens to the same bytes', async () => {
  const codec = createPayloadCodec([newest]);
  const [sealed] = await codec.encode([plain]);
  expect(Buffer.from(sealed!.data!).includes('ada@example.com')).toBe(false);
  expect(Buffer.from(sealed!.metadata!.encoding!).toString()).toBe('binary/encrypted');
  const [opened] = await codec.decode([sealed!]);
  expect(Payload.encode(opened!).finish()).toEqual(plainBytes);
});

test('equal payloads do not look equal once they are encrypted', async () => {
  const [first, second] = await createPayloadCodec([newest]).encode([plain, plain]);
  expect(first!.data).not.toEqual(second!.data);
});

test('a payload from before the key was changed opens as long as its key is in the list', async () => {
  const sealed = await createPayloadCodec([older]).encode([plain]);
  const [opened] = await createPayloadCodec([newest, older]).decode(sealed);
  expect(Payload.encode(opened!).finish()).toEqual(plainBytes);
  await expect(createPayloadCodec([newest]).decode(sealed)).rejects.toThrow(/key "2026-05"/);
});

test('a payload from before keys were set is taken as it is', async () => {
  expect(await createPayloadCodec([newest]).decode([plain])).toEqual([plain]);
});

test('a payload that was changed in any byte, or cut anywhere, does not open', async () => {
  const codec = createPayloadCodec([newest]);
  const [sealed] = await codec.encode([plain]);
  const data = Buffer.from(sealed!.data!);
  for (let place = 0; place < data.length; place += 1) {
    const changed = Buffer.from(data);
    changed[place]! ^= 1;
    await expect(codec.decode([{ ...sealed!, data: changed }])).rejects.toThrow();
    await expect(codec.decode([{ ...sealed!, data: data.subarray(0, place) }])).rejects.toThrow();
  }
});

test('a payload that is renamed to another key of the same bytes does not open', async () => {
  const renamed: PayloadKey = { ...newest, id: 'other' };
  const [sealed] = await createPayloadCodec([newest]).encode([plain]);
  const moved = { ...sealed!, metadata: { ...sealed!.metadata, 'encryption-key-id': Buffer.from('other') } };
  await expect(createPayloadCodec([renamed]).decode([moved])).rejects.toThrow(/"other"/);
});

test('payloads of any bytes come back as they were', async () => {
  const codec = createPayloadCodec([newest]);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (data) => {
      const [opened] = await codec.decode(await codec.encode([{ metadata: {}, data }]));
      expect(Buffer.from(opened!.data ?? [])).toEqual(Buffer.from(data));
    }),
  );
});

test('without keys payloads stay as they are', () => {
  expect(createDataConverter(undefined).payloadCodecs).toEqual([]);
  expect(createDataConverter([newest]).payloadCodecs).toHaveLength(1);
});

test('keys are read in their order, and the first encrypts', async () => {
  const text = `a:${newest.key.toString('base64')}, b:${older.key.toString('base64url')}`;
  const keys = parsePayloadKeys(text);
  expect(keys).toEqual([
    { id: 'a', key: newest.key },
    { id: 'b', key: older.key },
  ]);
  const [sealed] = await createPayloadCodec(keys).encode([plain]);
  expect(Buffer.from(sealed!.metadata!['encryption-key-id']!).toString()).toBe('a');
});

test.each([
  ['a key of 31 bytes', `a:${randomBytes(31).toString('base64')}`, 'entry 1 is not'],
  ['no id', newest.key.toString('base64'), 'entry 1 is not'],
  ['an empty second entry', `a:${newest.key.toString('base64')},`, 'entry 2 is not'],
  [
    'one id twice',
    `a:${newest.key.toString('base64')},a:${older.key.toString('base64')}`,
    'two keys are named "a"',
  ],
  ['too much', 'a'.repeat(5_000), 'more than 4096 characters'],
])('keys with %s are refused without being shown', (_what, text, message) => {
  expect(() => parsePayloadKeys(text)).toThrow(message);
  try {
    parsePayloadKeys(text);
  } catch (error) {
    expect((error as Error).message).not.toContain(newest.key.toString('base64').slice(0, 12));
  }
});
