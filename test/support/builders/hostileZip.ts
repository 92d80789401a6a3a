import { crc32, deflateRawSync } from 'node:zlib';

/**
 * Builds zip archives by hand, field by field, without the product's own writer, so that each can lie
 * in one place only. Left alone, the result is in the canonical form of docs/package-format.md.
 */
export interface HostileEntry {
  path: string;
  data?: Buffer | string;
  /** Name in the local header, when it is to differ. */
  localPath?: string;
  method?: number;
  flags?: number;
  crc?: number;
  bytes?: number;
  compressedBytes?: number;
  /** Raw content instead of the deflated `data`. */
  raw?: Buffer;
  mode?: number;
  time?: number;
  extra?: Buffer;
  comment?: string;
  /** Bytes put before the local header. */
  gap?: Buffer;
  /** Offset that the directory declares. */
  offset?: number;
  /** Bytes put behind the content, as a data descriptor would be. */
  after?: Buffer;
}

export interface HostileArchive {
  entries: HostileEntry[];
  /** Bytes before the first entry; offsets in the directory stay as without them. */
  prepend?: Buffer;
  /** Bytes between the last entry and the directory. */
  beforeDirectory?: Buffer;
  append?: Buffer;
  comment?: string;
  declaredEntries?: number;
  declaredOffset?: number;
  declaredDirectoryBytes?: number;
  end64?: Buffer;
}

const u16 = (value: number): Buffer => Buffer.from([value & 0xff, (value >>> 8) & 0xff]);
const u32 = (value: number): Buffer => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)]);

/** A ZIP64 field with the given values. */
export function zip64Extra(...values: bigint[]): Buffer {
  const body = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => body.writeBigUInt64LE(value, 8 * index));
  return Buffer.concat([u16(1), u16(body.length), body]);
}

interface Laid {
  local: Buffer;
  central: (offset: number) => Buffer;
}

const NONE = Buffer.alloc(0);

/** The entry with everything that it does not say filled in truthfully. */
function honest(entry: HostileEntry) {
  const data = Buffer.from(entry.data ?? '');
  const method = entry.method ?? (data.length > 64 ? 8 : 0);
  const raw = entry.raw ?? (method === 8 ? deflateRawSync(data) : data);
  const truth = { localPath: entry.path, flags: 0x0800, crc: crc32(data), bytes: data.length };
  const rest = {
    compressedBytes: raw.length,
    mode: 0o100644,
    time: 0,
    extra: NONE,
    comment: '',
    after: NONE,
  };
  return { ...truth, ...rest, ...entry, method, raw };
}

function lay(given: HostileEntry): Laid {
  const entry = honest(given);
  const fields = Buffer.concat([
    ...[u16(entry.flags), u16(entry.method), u16(entry.time), u16(0x21)],
    ...[u32(entry.crc), u32(entry.compressedBytes), u32(entry.bytes)],
  ]);
  const name = Buffer.from(entry.path);
  const localName = Buffer.from(entry.localPath);
  const comment = Buffer.from(entry.comment);
  const attributes = (entry.mode << 16) >>> 0;
  const version = u16(entry.extra.length > 0 ? 45 : 20);
  return {
    local: Buffer.concat([
      ...[u32(0x04034b50), version, fields, u16(localName.length), u16(entry.extra.length)],
      ...[localName, entry.extra, entry.raw, entry.after],
    ]),
    central: (offset) =>
      Buffer.concat([
        ...[u32(0x02014b50), u16(0x032d), version, fields, u16(name.length), u16(entry.extra.length)],
        ...[u16(comment.length), u16(0), u16(0), u32(attributes), u32(given.offset ?? offset)],
        ...[name, entry.extra, comment],
      ]),
  };
}

/** The bytes of the archive. */
export function hostileZip(archive: HostileArchive): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of archive.entries) {
    const { local, central } = lay(entry);
    const gap = entry.gap ?? NONE;
    locals.push(gap, local);
    centrals.push(central(offset + gap.length));
    offset += gap.length + local.length;
  }
  const between = archive.beforeDirectory ?? NONE;
  const directory = Buffer.concat(centrals);
  const count = archive.declaredEntries ?? archive.entries.length;
  const comment = Buffer.from(archive.comment ?? '');
  const end = Buffer.concat([
    ...[u32(0x06054b50), u16(0), u16(0), u16(count), u16(count)],
    u32(archive.declaredDirectoryBytes ?? directory.length),
    u32(archive.declaredOffset ?? offset + between.length),
    ...[u16(comment.length), comment],
  ]);
  return Buffer.concat([
    ...[archive.prepend ?? NONE, ...locals, between, directory],
    ...[archive.end64 ?? NONE, end, archive.append ?? NONE],
  ]);
}
