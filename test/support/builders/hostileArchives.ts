import { hostileZip, zip64Extra, type HostileArchive, type HostileEntry } from './hostileZip';

export const code = 'exports.notes = 1;\n'.repeat(50);
export const manifest: HostileEntry = { path: 'manifest.json', data: '{}' };
export const index: HostileEntry = { path: 'dist/index.js', data: code };
/** An archive of the manifest and this entry. */
export const withEntry = (entry: HostileEntry): HostileArchive => ({ entries: [manifest, entry] });
/** The same with one ordinary file, changed as told. */
export const withIndex = (change: Partial<HostileEntry>): HostileArchive =>
  withEntry({ ...index, ...change });

const huge = 2n ** 63n;
const cut = (archive: HostileArchive, by: number): Buffer => {
  const bytes = hostileZip(archive);
  return bytes.subarray(0, bytes.length - by);
};

/** Archives that lie in one place each, the code that refuses them, and words of the refusal. */
export const HOSTILE: [words: string, bytes: Buffer, code: string, detail: RegExp][] = [
  ['an empty file', Buffer.alloc(0), 'PACKAGE_FORM', /does not end as a zip/],
  [
    'a file that is no archive',
    Buffer.from('#!/bin/sh\necho no\n'.repeat(10)),
    'PACKAGE_FORM',
    /does not end/,
  ],
  ['an archive without entries', hostileZip({ entries: [] }), 'PACKAGE_FORM', /first entry is not manifest/],
  ['a climbing name', hostileZip(withIndex({ path: 'dist/../../etc/passwd' })), 'PACKAGE_FORM', /climbs/],
  ['an absolute name', hostileZip(withIndex({ path: '/etc/passwd' })), 'PACKAGE_FORM', /absolute/],
  [
    'a name with a backslash',
    hostileZip(withIndex({ path: 'dist\\..\\x.js' })),
    'PACKAGE_FORM',
    /holds one of/,
  ],
  ['a name with a line feed', hostileZip(withIndex({ path: 'dist/a\nb.js' })), 'PACKAGE_FORM', /control/],
  [
    'a name that writes backwards',
    hostileZip(withIndex({ path: 'dist/a\u202egpj.js' })),
    'PACKAGE_FORM',
    /invisible/,
  ],
  [
    'a name that Windows reserves',
    hostileZip(withIndex({ path: 'dist/aux.js' })),
    'PACKAGE_FORM',
    /reserved/,
  ],
  ['a decomposed name', hostileZip(withIndex({ path: 'dist/u\u0308.js' })), 'PACKAGE_FORM', /NFC/],
  [
    'a folder entry',
    hostileZip(withIndex({ path: 'dist/lib/', data: '' })),
    'PACKAGE_FORM',
    /names a folder/,
  ],
  [
    'a file outside the folders',
    hostileZip(withIndex({ path: 'etc/passwd' })),
    'PACKAGE_FORM',
    /outside the folders/,
  ],
  [
    'a name of the object prototype',
    hostileZip(withIndex({ path: 'constructor' })),
    'PACKAGE_FORM',
    /outside/,
  ],
  [
    'a name without end',
    hostileZip(withIndex({ path: `dist/${'x/'.repeat(400)}a` })),
    'PACKAGE_FORM',
    /longer than/,
  ],
  [
    'entries out of order',
    hostileZip({ entries: [manifest, index, { path: 'assets/a', data: '' }] }),
    'PACKAGE_FORM',
    /out of order/,
  ],
  ['a late manifest', hostileZip({ entries: [index, manifest] }), 'PACKAGE_FORM', /first entry/],
  ['the same name twice', hostileZip({ entries: [manifest, index, index] }), 'PACKAGE_FORM', /same file/],
  [
    'names that differ in case',
    hostileZip({ entries: [manifest, { path: 'dist/A', data: '' }, { path: 'dist/a', data: '' }] }),
    'PACKAGE_FORM',
    /same file/,
  ],
  [
    'a file in the way of a folder',
    hostileZip({ entries: [manifest, { path: 'dist/a', data: '' }, { path: 'dist/a/b', data: '' }] }),
    'PACKAGE_FORM',
    /needs a folder/,
  ],
  ['a symbolic link', hostileZip(withIndex({ mode: 0o120777 })), 'PACKAGE_FORM', /symbolic link/],
  ['a set-user-id file', hostileZip(withIndex({ mode: 0o104755 })), 'PACKAGE_FORM', /mode/],
  ['an encrypted entry', hostileZip(withIndex({ flags: 0x0801 })), 'PACKAGE_FORM', /encrypted/],
  [
    'a data descriptor',
    hostileZip(withIndex({ flags: 0x0808, after: Buffer.alloc(16) })),
    'PACKAGE_FORM',
    /descriptor/,
  ],
  ['another time', hostileZip(withIndex({ time: 7 })), 'PACKAGE_FORM', /time/],
  [
    'an unknown method',
    hostileZip(withIndex({ method: 12, raw: Buffer.alloc(9) })),
    'PACKAGE_FORM',
    /method 12/,
  ],
  ['an entry comment', hostileZip(withIndex({ comment: 'x' })), 'PACKAGE_FORM', /comment|extra/],
  [
    'an extra field',
    hostileZip(withIndex({ extra: Buffer.from([9, 9, 0, 0]) })),
    'PACKAGE_FORM',
    /version needed|extra/,
  ],
  [
    'a needless ZIP64 field',
    hostileZip(withIndex({ bytes: 0xffffffff, compressedBytes: 0xffffffff, extra: zip64Extra(9n, 9n) })),
    'PACKAGE_FORM',
    /dist\/index.js/,
  ],
  [
    'a ZIP64 size beyond all files',
    hostileZip(withIndex({ bytes: 0xffffffff, compressedBytes: 0xffffffff, extra: zip64Extra(huge, huge) })),
    'PACKAGE_FORM',
    /no entry can have/,
  ],
  [
    'ZIP64 sizes without the field',
    hostileZip(withIndex({ bytes: 0xffffffff, compressedBytes: 0xffffffff })),
    'PACKAGE_FORM',
    /dist\/index.js/,
  ],
  [
    'a local header with another name',
    hostileZip(withIndex({ localPath: 'dist/other.js' })),
    'PACKAGE_FORM',
    /differs from the directory/,
  ],
  ['overlapping entries', hostileZip(withIndex({ offset: 0 })), 'PACKAGE_FORM', /does not start where/],
  [
    'a gap between entries',
    hostileZip(withIndex({ gap: Buffer.from('gap') })),
    'PACKAGE_FORM',
    /does not start where/,
  ],
  [
    'an entry that reaches into the directory',
    hostileZip(withIndex({ compressedBytes: 500, bytes: 600 })),
    'PACKAGE_FORM',
    /reaches beyond/,
  ],
  [
    'bytes before the archive',
    hostileZip({ ...withEntry(index), prepend: Buffer.from('MZ') }),
    'PACKAGE_FORM',
    /directly before/,
  ],
  [
    'bytes before the directory',
    hostileZip({ ...withEntry(index), beforeDirectory: Buffer.from('x') }),
    'PACKAGE_FORM',
    /between the last entry/,
  ],
  [
    'bytes after the archive',
    hostileZip({ ...withEntry(index), append: Buffer.from('x') }),
    'PACKAGE_FORM',
    /does not end/,
  ],
  ['an archive comment', hostileZip({ ...withEntry(index), comment: 'x' }), 'PACKAGE_FORM', /does not end/],
  [
    'a second archive inside the comment',
    hostileZip({ ...withEntry(index), comment: hostileZip(withEntry(index)).toString('latin1') }),
    'PACKAGE_FORM',
    /directly before|does not end/,
  ],
  [
    'a wrong count of entries',
    hostileZip({ ...withEntry(index), declaredEntries: 1 }),
    'PACKAGE_FORM',
    /does not hold|larger/,
  ],
  [
    'sixty thousand declared entries',
    hostileZip({ ...withEntry(index), declaredEntries: 60_000 }),
    'PACKAGE_TOO_LARGE',
    /50000 are allowed/,
  ],
  [
    'a directory elsewhere',
    hostileZip({ ...withEntry(index), declaredOffset: 0 }),
    'PACKAGE_FORM',
    /directly before/,
  ],
  [
    'a directory beyond the file',
    hostileZip({ ...withEntry(index), declaredOffset: 0xfffffffe }),
    'PACKAGE_FORM',
    /directly before/,
  ],
  [
    'a saturated end without ZIP64',
    hostileZip({ ...withEntry(index), declaredOffset: 0xffffffff }),
    'PACKAGE_FORM',
    /directly before/,
  ],
  ['a cut end', cut(withEntry(index), 1), 'PACKAGE_FORM', /does not end/],
  ['a cut middle', cut(withEntry(index), 100), 'PACKAGE_FORM', /does not end/],
  ['a bomb', hostileZip(withIndex({ data: Buffer.alloc(5_000_000) })), 'PACKAGE_TOO_LARGE', /100 times/],
  [
    'a size that no disk holds',
    hostileZip(withIndex({ bytes: 0xfffffff0 })),
    'PACKAGE_FORM',
    /dist\/index.js/,
  ],
  ['more data than declared', hostileZip(withIndex({ bytes: 20 })), 'INTEGRITY_MISMATCH', /inflate/],
  ['less data than declared', hostileZip(withIndex({ bytes: 2000 })), 'INTEGRITY_MISMATCH', /less/],
  ['a wrong checksum', hostileZip(withIndex({ crc: 1 })), 'INTEGRITY_MISMATCH', /checksum/],
  [
    'data that do not inflate',
    hostileZip(withIndex({ raw: Buffer.from('not deflated at all') })),
    'INTEGRITY_MISMATCH',
    /inflate/,
  ],
];
