import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../../contracts/releases/manifest';
import { problem, type Problem } from '../../core/errors/errors';

/** What was announced with the submission, before a byte was sent. */
export interface Announced {
  manifest: Manifest;
  manifestDigest: string;
  signedBy: string | null;
}

/** What a verified package really holds. */
export interface Found {
  manifest: Manifest;
  manifestDigest: string;
  signer: { fingerprint: string };
}

/** Every way in which a package differs from its submission: reviewers and tenants saw only the latter. */
export function compareWithAnnounced(found: Found, announced: Announced): Problem[] {
  const problems: Problem[] = [];
  if (found.manifestDigest !== announced.manifestDigest) {
    const detail = `The package's integrity.txt has the SHA-256 ${found.manifestDigest}; ${announced.manifestDigest} was announced.`;
    problems.push(problem('INTEGRITY_MISMATCH', detail, 'integrity.txt'));
  }
  if (found.signer.fingerprint !== announced.signedBy) {
    const detail = `The package is signed by the key ${found.signer.fingerprint}; ${announced.signedBy ?? 'none'} was announced.`;
    problems.push(problem('SIGNATURE_INVALID', detail, 'manifest.signature'));
  }
  return [...problems, ...compareManifests(found.manifest, announced.manifest)];
}

function compareManifests(found: Record<string, unknown>, announced: Record<string, unknown>): Problem[] {
  const keys = [...new Set([...Object.keys(found), ...Object.keys(announced)])].sort();
  return keys
    .filter((key) => !isDeepStrictEqual(found[key], announced[key]))
    .map((key) =>
      problem(
        'MANIFEST_INVALID',
        `"${key}" in the package's manifest.json differs from what was submitted.`,
        `/${key}`,
      ),
    );
}
