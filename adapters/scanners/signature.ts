import { verifyPackage } from '../../pxp/verifyPackage';
import { toFindings } from './archiveForm';
import { digestOfRules, type Scanner } from './scanner';

const RULES = { signature: 'openpgp-detached', over: 'integrity.txt', digests: 'sha256' };

/** Verifies the signature with the publisher's registered keys, and every file against the signed list. */
export function signatureScanner(): Scanner {
  return {
    name: 'signature',
    version: '1.0.0',
    rulesDigest: digestOfRules(RULES),
    scan: ({ package: opened, signature, signal, onProgress }) =>
      toFindings(() =>
        verifyPackage(opened, {
          keys: signature.keys,
          now: signature.now,
          onProgress: ({ bytes }) => {
            signal.throwIfAborted();
            onProgress?.(bytes);
          },
        }),
      ),
  };
}
