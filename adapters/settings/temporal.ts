import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Settings of the workflow engine, by the same names in every process. */
export const temporalSettings = {
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  TEMPORAL_TLS: z.enum(['0', '1']).optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().min(1).optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().min(1).optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().min(1).optional(),
};
type Settings = z.infer<z.ZodObject<typeof temporalSettings>>;

/** Certificates as they are in their files. */
interface TlsFiles {
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

export interface TemporalConfig {
  address: string;
  namespace: string;
  apiKey: string | undefined;
  /** False for a plain connection. */
  tls: false | TlsFiles;
}

/** An API key or a certificate asks for TLS by itself; both travel only over it. */
export function readTemporalConfig(env: Settings): TemporalConfig {
  const ca = env.TEMPORAL_TLS_SERVER_CA_CERT_PATH;
  const certificate = env.TEMPORAL_TLS_CLIENT_CERT_PATH;
  const key = env.TEMPORAL_TLS_CLIENT_KEY_PATH;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new Error('TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH go together.');
  }
  const isSecure = env.TEMPORAL_TLS === '1' || (env.TEMPORAL_API_KEY ?? ca ?? certificate) !== undefined;
  const tls: TlsFiles = {
    ...(ca ? { serverRootCACertificate: readFileSync(ca) } : {}),
    ...(certificate && key
      ? { clientCertPair: { crt: readFileSync(certificate), key: readFileSync(key) } }
      : {}),
  };
  return {
    address: env.TEMPORAL_ADDRESS,
    namespace: env.TEMPORAL_NAMESPACE,
    apiKey: env.TEMPORAL_API_KEY,
    tls: isSecure && tls,
  };
}
