import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parsePayloadKeys } from '../temporal/keys';
import type { TemporalConfig, TlsFiles } from '../temporal/config';
import { checkClientCertificate } from '../temporal/certificate';
import { isLoopbackAddress } from '../temporal/loopback';

/** What an operator says in words to run without TLS or without proof of who connects. */
const ONLY_OURS = 'only-spillway-reaches-temporal';

/** Settings of the workflow engine, by the same names in every process. */
export const temporalSettings = {
  TEMPORAL_ADDRESS: z.string().min(1).max(300),
  TEMPORAL_NAMESPACE: z.string().min(1).max(255).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).max(8_192).optional(),
  TEMPORAL_TLS: z.enum(['0', '1']).optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1).max(255).optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().min(1).max(4_096).optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().min(1).max(4_096).optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().min(1).max(4_096).optional(),
  TEMPORAL_UNPROTECTED: z.literal(ONLY_OURS).optional(),
  SPILLWAY_PAYLOAD_KEYS: z.string().max(4_096).optional(),
};
type Settings = z.infer<z.ZodObject<typeof temporalSettings>>;

/**
 * An API key or a certificate asks for TLS by itself; both travel only over it. Off loopback both are demanded: whoever
 * reaches a Temporal without them can end and hold up every release.
 *
 * @throws Error that names the setting that is missing or wrong, never its value
 */
export function readTemporalConfig(env: Settings): TemporalConfig {
  const tls = readTls(env);
  const isProven = (env.TEMPORAL_API_KEY ?? env.TEMPORAL_TLS_CLIENT_CERT_PATH) !== undefined;
  if (!isProven && !env.TEMPORAL_UNPROTECTED && !isLoopbackAddress(env.TEMPORAL_ADDRESS)) {
    throw new Error(
      `TEMPORAL_ADDRESS (${env.TEMPORAL_ADDRESS}) is not on this machine, and nothing proves who connects to it: ` +
        'set TEMPORAL_API_KEY, or TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH. ' +
        `On a network that only Spillway's own processes reach, set TEMPORAL_UNPROTECTED=${ONLY_OURS}.`,
    );
  }
  return {
    address: env.TEMPORAL_ADDRESS,
    namespace: env.TEMPORAL_NAMESPACE,
    apiKey: env.TEMPORAL_API_KEY,
    tls,
    payloadKeys: readPayloadKeys(env.SPILLWAY_PAYLOAD_KEYS),
  };
}

function readTls(env: Settings): false | TlsFiles {
  const name = env.TEMPORAL_TLS_SERVER_NAME;
  const ca = env.TEMPORAL_TLS_SERVER_CA_CERT_PATH;
  const clientCertPair = readClientCertificate(env);
  const isSecure =
    env.TEMPORAL_TLS === '1' || (env.TEMPORAL_API_KEY ?? ca ?? name ?? clientCertPair) !== undefined;
  if (isSecure && env.TEMPORAL_TLS === '0') {
    throw new Error('TEMPORAL_TLS=0 contradicts the settings for certificates and API keys, which need TLS.');
  }
  return (
    isSecure && {
      ...(name ? { serverNameOverride: name } : {}),
      ...(ca ? { serverRootCACertificate: readSettingFile('TEMPORAL_TLS_SERVER_CA_CERT_PATH', ca) } : {}),
      ...(clientCertPair ? { clientCertPair } : {}),
    }
  );
}

function readClientCertificate(env: Settings): { crt: Buffer; key: Buffer } | undefined {
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: certificate, TEMPORAL_TLS_CLIENT_KEY_PATH: key } = env;
  if (!certificate && !key) return undefined;
  if (!certificate || !key) {
    throw new Error('TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH go together.');
  }
  const pair = {
    crt: readSettingFile('TEMPORAL_TLS_CLIENT_CERT_PATH', certificate),
    key: readSettingFile('TEMPORAL_TLS_CLIENT_KEY_PATH', key),
  };
  checkClientCertificate(pair, new Date());
  return pair;
}

function readSettingFile(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${setting}: ${(error as Error).message}`);
  }
}

function readPayloadKeys(text: string | undefined): TemporalConfig['payloadKeys'] {
  if (!text) return undefined;
  try {
    return parsePayloadKeys(text);
  } catch (error) {
    throw new Error(`SPILLWAY_PAYLOAD_KEYS: ${(error as Error).message}.`);
  }
}
