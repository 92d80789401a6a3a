/** A key that encrypts payloads, and the name by which they say so. */
export interface PayloadKey {
  id: string;
  key: Buffer;
}

const KEY_BYTES = 32;
const LONGEST_TEXT = 4_096;
const ENTRY = /^([a-z0-9][a-z0-9._-]{0,63}):([A-Za-z0-9+/_-]{43}=?)$/;

/**
 * Reads `id:key` pairs with commas between them, each key 32 bytes in base64; the first one encrypts.
 *
 * @throws Error that names the entry by its place, never the key
 */
export function parsePayloadKeys(text: string): [PayloadKey, ...PayloadKey[]] {
  if (text.length > LONGEST_TEXT) throw new Error(`more than ${LONGEST_TEXT} characters`);
  const keys = text.split(',').map((entry, index) => parseEntry(entry.trim(), index + 1));
  const [first, ...others] = keys;
  if (!first) throw new Error('no key is given');
  const repeated = keys.find(({ id }, index) => keys.findIndex((other) => other.id === id) !== index);
  if (repeated) throw new Error(`two keys are named "${repeated.id}"`);
  return [first, ...others];
}

function parseEntry(entry: string, place: number): PayloadKey {
  const [, id, encoded] = ENTRY.exec(entry) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (!id || key.length !== KEY_BYTES) {
    throw new Error(`entry ${place} is not <id>:<32 bytes in base64>`);
  }
  return { id, key };
}

/** @throws Error with the id of a key that is not set, and what to do */
export function findPayloadKey(keys: readonly PayloadKey[], id: string): PayloadKey {
  const found = keys.find((key) => key.id === id);
  if (found) return found;
  throw new Error(
    `A payload is encrypted with the key "${id.slice(0, 64)}", which SPILLWAY_PAYLOAD_KEYS does not hold. ` +
      'Keys stay in the list, behind the newest, as long as histories need them.',
  );
}
