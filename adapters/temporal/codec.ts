import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import { findPayloadKey, type PayloadKey } from './keys';

const { Payload } = temporal.api.common.v1;
type Payload = temporal.api.common.v1.IPayload;

/** How an encrypted payload says what it is; Temporal's own samples use the same words, and so do its tools. */
const ENCODING = 'binary/encrypted';
const ENCODING_FIELD = 'encoding';
const KEY_FIELD = 'encryption-key-id';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Structurally Temporal's `PayloadCodec`. */
export interface PayloadCodec {
  encode(payloads: Payload[]): Promise<Payload[]>;
  decode(payloads: Payload[]): Promise<Payload[]>;
}

/**
 * Encrypts what workflows are given, hold and return, so that the engine's database shows nobody what it is about. The first key
 * encrypts, any of them decrypts. A payload that is not encrypted is taken as it is: histories from before the key was
 * set go on, and what a payload says decides nothing (decision 27).
 *
 * @throws Error when a payload names a key that is not set, or was changed
 */
export function createPayloadCodec(keys: readonly [PayloadKey, ...PayloadKey[]]): PayloadCodec {
  const [newest] = keys;
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, newest)),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, keys)),
  };
}

/** What clients and workers are made with: the codec when there are keys, else plain payloads. */
export const createDataConverter = (
  keys: readonly [PayloadKey, ...PayloadKey[]] | undefined,
): { payloadCodecs: PayloadCodec[] } => ({ payloadCodecs: keys ? [createPayloadCodec(keys)] : [] });

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(id));
  const sealed = [cipher.update(Payload.encode(payload).finish()), cipher.final()];
  return {
    metadata: { [ENCODING_FIELD]: Buffer.from(ENCODING), [KEY_FIELD]: Buffer.from(id) },
    data: Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]),
  };
}

function decrypt(payload: Payload, keys: readonly PayloadKey[]): Payload {
  if (readField(payload, ENCODING_FIELD) !== ENCODING) return payload;
  const { id, key } = findPayloadKey(keys, readField(payload, KEY_FIELD));
  const data = Buffer.from(payload.data ?? []);
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new Error('An encrypted payload is cut short.');
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(id));
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  const opened = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), finish(decipher, id)];
  return Payload.decode(Buffer.concat(opened));
}

function finish(decipher: ReturnType<typeof createDecipheriv>, id: string): Buffer {
  try {
    return decipher.final();
  } catch {
    throw new Error(`A payload does not open with the key "${id}": it was changed, or the key was.`);
  }
}

const readField = ({ metadata }: Payload, name: string): string =>
  Buffer.from(metadata?.[name] ?? []).toString('utf8');
