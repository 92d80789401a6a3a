import { generate } from 'selfsigned';

/** A certificate with its key, both in PEM. */
export interface Certificate {
  crt: string;
  key: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const KEY_TYPE = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/** An authority of a test's own. */
export async function createAuthority(name: string): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    ...KEY_TYPE,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { crt: made.cert, key: made.private };
}

/** @param days until it expires; less than zero makes one that has expired */
export async function issueCertificate(
  authority: Certificate,
  { name, use, days = 1 }: { name: string; use: 'server' | 'client'; days?: number },
): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    ...KEY_TYPE,
    ca: { key: authority.key, cert: authority.crt },
    notBeforeDate: new Date(Date.now() - 2 * DAY_MS),
    notAfterDate: new Date(Date.now() + days * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: use === 'server', clientAuth: use === 'client' },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { crt: made.cert, key: made.private };
}
