import { verifyPackage } from '../../pxp/verifyPackage';
import { findingsOf } from './archiveForm';
import { digestOfRules, type Scanner } from './scanner';

const RULES = { signature: 'openpgp-detached', over: 'integrity.txt', digests: 'sha256' };

/** Verifies the signature with the publisher's registered keys, and every file against the signed list. */
export function signatureScanner(): Scanner {
  return {
    name: 'signature',
    version: '1.0.0',
    rulesDigest: digestOfRules(RULES),
    scan: ({ package: opened, signature, signal, onProgress }) =>
      findingsOf(() =>
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
