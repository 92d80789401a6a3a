import type { Readable } from 'node:stream';

/** A request that its bearer may send to the object store without any other credential. */
export interface SignedRequest {
  url: string;
  method: 'PUT' | 'GET';
  /** Headers that must be sent as they are: the signature may cover them. */
  headers: Record<string, string>;
  /** ISO 8601. */
  expiresAt: string;
}

/** What the object store knows of one object. */
export interface StoredObject {
  key: string;
  bytes: number;
  /** Base64, as in Content-MD5; absent where the object store has none, as for joined objects. */
  md5?: string;
  /** ISO 8601. */
  updatedAt: string;
}

/** One upload that a signed PUT allows: these bytes under this key, until then. */
export interface PutGrant {
  key: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** Base64. */
  md5: string;
  expiresAt: Date;
}

/** One download that a signed GET allows. */
interface GetGrant {
  key: string;
  expiresAt: Date;
  /** The file name that a browser saves the object under. */
  downloadName?: string;
}

/** Inclusive byte positions, counted from 0, as in an HTTP range. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Where the bytes are. Every driver keeps this contract; `test/adapters/objects/drivers.integration.ts` holds
 * each of them to it. Keys follow {@link file://./keys.ts}. Refusals carry OBJECT_NOT_FOUND,
 * OBJECT_CONFLICT, OBJECTS_KEY_INVALID, or OBJECTS_UNAVAILABLE (the only one that a retry can mend).
 */
export interface ObjectStore {
  readonly driver: 'filesystem' | 'gcs';
  /** Allows one upload of exactly these bytes; the same part may be sent again until it expires. */
  signPut(grant: PutGrant): Promise<SignedRequest>;
  /**
   * Has signed PUTs below a folder (`prefix` ends in a slash) refused with UPLOAD_ENDED from now on, where the store
   * can: that of the filesystem does. A bucket of Cloud Storage takes what was signed until it expires.
   *
   * @param until when the last address that was signed for it expires
   */
  endPuts(prefix: string, until: Date): Promise<void>;
  /** Allows downloads of one object, whole or by range, until it expires. */
  signGet(grant: GetGrant): Promise<SignedRequest>;
  /** Objects whose key starts with `prefix`, in byte order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  stat(key: string): Promise<StoredObject | undefined>;
  /**
   * Joins `sources` in their order into `target`, which appears whole or not at all.
   *
   * Idempotent: a target that holds the same bytes counts as done, and so does one whose sources
   * were cleared away since. Other bytes under `target` are an OBJECT_CONFLICT. Sources stay.
   */
  compose(join: { sources: string[]; target: string }): Promise<StoredObject>;
  /**
   * The bytes of an object, or of `range` in it; OBJECT_NOT_FOUND before the first byte. To be read to
   * the end or left early, but read; each piece is valid until the next one is asked for.
   */
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Buffer>>;
  /** Stores the whole of `body`, replacing the object in one step, or changes nothing. */
  write(key: string, body: Readable): Promise<StoredObject>;
  /** Removes objects; one that is not there is fine. */
  remove(keys: string[]): Promise<void>;
  /** Resolves when objects can be read and written; otherwise refuses with OBJECTS_UNAVAILABLE. */
  health(): Promise<void>;
}
