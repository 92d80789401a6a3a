import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { Refusal } from '../../core/errors/errors';
import { openPackage } from '../../pxp/openPackage';
import { HOSTILE, code, index, manifest, withEntry, withIndex } from '../support/builders/hostileArchives';
import { hostileZip } from '../support/builders/hostileZip';
import { temporaryFolder } from '../support/temporaryFolder';

const folder = temporaryFolder('hostile');
let count = 0;
function write(bytes: Buffer): string {
  const file = path.join(folder, `${(count += 1)}.pxp`);
  writeFileSync(file, bytes);
  return file;
}

/** Opens, and reads every entry; the refusal's codes and words, or undefined when all went well. */
async function catchRefusal(bytes: Buffer): Promise<Refusal | undefined> {
  try {
    const opened = await openPackage(write(bytes));
    try {
      for (const entry of opened.entries) await opened.readBytes(entry.path, 10_000_000);
    } finally {
      await opened.close();
    }
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

test('the hand-made archive is accepted while it does not lie', async () => {
  expect(await catchRefusal(hostileZip(withEntry(index)))).toBeUndefined();
});

test.each(HOSTILE)('%s is refused with its own code [PKG-11]', async (_, bytes, expected, detail) => {
  const refusal = await catchRefusal(bytes);
  expect(refusal?.problems.map((each) => each.code)).toContain(expected);
  expect(refusal?.message).toMatch(detail);
});

test('bytes hidden behind the deflated data are refused', async () => {
  const raw = Buffer.concat([deflateRawSync(Buffer.from(code)), Buffer.from('hidden')]);
  expect((await catchRefusal(hostileZip(withIndex({ raw }))))?.message).toMatch(/belong to nothing/);
  const large = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * at) >>> 5));
  const hidden = Buffer.concat([deflateRawSync(large), Buffer.alloc(700_000, 1)]);
  expect((await catchRefusal(hostileZip(withIndex({ data: large, raw: hidden }))))?.code).toBe(
    'INTEGRITY_MISMATCH',
  );
});

test('all problems of the form are told at once, and an endless list is cut short', async () => {
  const names = Array.from({ length: 80 }, (_, at) => ({
    path: `dist/${String(at).padStart(3, '0')}.`,
    data: '',
  }));
  const refusal = await catchRefusal(hostileZip({ entries: [manifest, ...names] }));
  expect(refusal?.problems).toHaveLength(51);
  expect(refusal?.message).toMatch(/30 more problems/);
});

test('an absent file is an ordinary error, not a refusal of its form', async () => {
  await expect(openPackage(path.join(folder, 'absent.pxp'))).rejects.toMatchObject({ code: 'ENOENT' });
});
