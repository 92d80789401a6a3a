import { createPrivateKey, X509Certificate } from 'node:crypto';

/**
 * Looks at a client's certificate before it is shown to anybody, because servers say little about what they refuse.
 *
 * @throws Error that names the setting and what is wrong: not readable, expired, not valid yet, or another key's
 */
export function checkClientCertificate({ crt, key }: { crt: Buffer; key: Buffer }, now: Date): void {
  const certificate = read('TEMPORAL_TLS_CLIENT_CERT_PATH', 'certificate', () => new X509Certificate(crt));
  const privateKey = read('TEMPORAL_TLS_CLIENT_KEY_PATH', 'private key', () => createPrivateKey(key));
  const refuse = (why: string): never => {
    throw new Error(`TEMPORAL_TLS_CLIENT_CERT_PATH: the certificate of ${describe(certificate)} ${why}.`);
  };
  if (new Date(certificate.validTo) <= now) refuse(`expired on ${toDay(certificate.validTo)}`);
  if (new Date(certificate.validFrom) > now) refuse(`is not valid before ${toDay(certificate.validFrom)}`);
  if (!certificate.checkPrivateKey(privateKey)) {
    refuse('does not belong to the key in TEMPORAL_TLS_CLIENT_KEY_PATH');
  }
}

function read<T>(setting: string, kind: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Error(`${setting}: the file holds no ${kind} in PEM.`);
  }
}

const describe = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ') || 'nobody';

const toDay = (date: string): string => new Date(date).toISOString().slice(0, 10);
