import type { PayloadKey } from './keys';

/** Certificates as they are in their files. */
export interface TlsFiles {
  serverNameOverride?: string;
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

export interface TemporalConfig {
  address: string;
  namespace: string;
  apiKey: string | undefined;
  /** False for a plain connection. */
  tls: false | TlsFiles;
  /** Keys that encrypt payloads, the newest first; none when payloads stay readable. */
  payloadKeys: readonly [PayloadKey, ...PayloadKey[]] | undefined;
}
