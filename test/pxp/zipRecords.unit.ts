import fc from 'fast-check';
import { compareEntryPaths, packageFileName } from '../../pxp/format';
import { quoteName } from '../../core/foreignText';
import { checkCollisions, checkPath } from '../../pxp/names';
import { MAX_END_BYTES, parseCentralRecord, parseEnd } from '../../pxp/zipParse';
import { centralRecord, endRecords, localHeader, needsEnd64, type EntryRecord } from '../../pxp/zipRecords';

const size = fc.oneof(
  fc.nat(),
  fc.integer({ min: 0xefffffff, max: 0xf0000001 }),
  fc.maxSafeInteger().map(Math.abs),
);

const record: fc.Arbitrary<EntryRecord> = fc
  .record({
    path: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    method: fc.constantFrom(0, 8),
    crc32: fc.integer({ min: 0, max: 0xffffffff }),
    bytes: size,
    compressedBytes: size,
    executable: fc.boolean(),
    offset: size,
  })
  .map((each) => ({ ...each, compressedBytes: Math.min(each.bytes, each.compressedBytes) }));

test('a central record reads back as it was written, beyond 4 GiB as well', () => {
  fc.assert(
    fc.property(record, (entry) => {
      const raw = centralRecord(entry);
      expect(parseCentralRecord(raw, 0)).toMatchObject({ entry, raw });
    }),
  );
});

test('the end of an archive reads back as it was written, with ZIP64 records only where needed', () => {
  fc.assert(
    fc.property(fc.nat(100_000), size, size, (entries, offset, bytes) => {
      const directory = { entries, offset, bytes };
      const end = endRecords(directory);
      expect(parseEnd(end)).toEqual(directory);
      expect(end.length === MAX_END_BYTES).toBe(needsEnd64(directory));
    }),
  );
});

test('the room that a header takes does not depend on what is learned while writing', () => {
  fc.assert(
    fc.property(record, (entry) => {
      const before = localHeader({ ...entry, crc32: 0, compressedBytes: 0 });
      expect(before).toHaveLength(localHeader(entry).length);
    }),
  );
});

test('arbitrary bytes are parsed or not, but never crash the parser', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      parseEnd(buffer);
      parseCentralRecord(Buffer.concat([Buffer.from('PK\u0001\u0002'), buffer]), 0);
    }),
  );
});

test('no accepted name can leave its folder or hide in a terminal', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.constantFrom('..', '.', '', 'a', 'ä', 'con', '\\', ' ')).map((parts) => parts.join('/')),
  );
  fc.assert(
    fc.property(name, (rest) => {
      const path = `dist/${rest}`;
      if (checkPath(path, 'PACKAGE_PATH').length > 0) return;
      expect(path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')).toBe(true);
      expect(path).not.toMatch(/[\\\p{Cc}\p{Cf}]/u);
      expect(new URL(path, 'file:///root/').pathname.startsWith('/root/dist/')).toBe(true);
    }),
  );
});

test('a name is shown on one line, however it is made', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(quoteName(name)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
    }),
  );
});

test('equal names in another case or composition collide', () => {
  expect(checkCollisions(['dist/Ä', 'dist/a\u0308'], 'PACKAGE_PATH')).toHaveLength(1);
  expect(checkCollisions(['dist/a', 'dist/b', 'dist/a.js', 'dist/ab/c'], 'PACKAGE_PATH')).toEqual([]);
});

test('entries are in the order of their bytes between manifest and seal', () => {
  const sorted = [
    'manifest.json',
    'plugin.yaml',
    'LICENSE',
    'dist/\uffee',
    'dist/\u{10000}',
    'integrity.txt',
    'manifest.signature',
  ];
  expect([...sorted].reverse().sort(compareEntryPaths)).toEqual(sorted);
});

test('a package is named after plugin, version and platform', () => {
  expect(
    packageFileName({ id: 'com.powerx.plugins.crm', version: '1.3.0' }, { os: 'linux', arch: 'amd64' }),
  ).toBe('com.powerx.plugins.crm-1.3.0-linux-amd64.pxp');
});
