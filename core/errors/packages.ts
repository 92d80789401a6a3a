import { entry, EXIT, type CatalogueEntry } from './entry';

/** The package file: its form, its digests and its signature. */
// prettier-ignore
export const packagesErrors = {
  SIGNATURE_REQUIRED: entry(422, EXIT.refused, 'The package is not signed', 'Sign it: `px-plugin publish` signs with your signing profile.'),
  SIGNATURE_INVALID: entry(422, EXIT.refused, 'The signature is not valid', 'Pack and sign again from unchanged files.'),
  SIGNATURE_UNKNOWN_KEY: entry(422, EXIT.refused, 'The signing key is not registered to the publisher', 'Register the key: `px-plugin keys register`.'),
  SIGNATURE_KEY_EXPIRED: entry(422, EXIT.refused, 'The signing key has expired', 'Create and register a new key, then pack and sign again.'),
  SIGNATURE_KEY_REVOKED: entry(422, EXIT.refused, 'The signing key was revoked', 'Create and register a new key, then pack and sign again.'),
  PACKAGE_FORM: entry(422, EXIT.refused, 'The package is not in canonical form', 'Build it with `px-plugin`; docs/package-format.md describes the form.'),
  PACKAGE_TOO_LARGE: entry(422, EXIT.refused, 'The package exceeds a limit', 'Make it smaller; docs/package-format.md lists the limits.'),
  PACKAGE_SYMLINK: entry(422, EXIT.refused, 'The plugin folder contains symbolic links', 'Replace the listed links with the files that they point to.'),
  PACKAGE_PATH: entry(422, EXIT.refused, 'A file name cannot be packed', 'Rename the listed files.'),
  PACKAGE_DIGEST: entry(422, EXIT.refused, 'The uploaded bytes differ from the announced ones', 'Upload the package again.'),
  PACKAGE_SOURCE_CHANGED: entry(409, EXIT.conflict, 'A file changed while it was being packed', 'Let the build finish, then pack again.'),
  PACKAGE_TARGET: entry(409, EXIT.conflict, 'The target folder already exists', 'Unpack into a folder that does not exist yet.'),
  INTEGRITY_MISMATCH: entry(422, EXIT.refused, 'A file does not match its digest', 'Pack and sign again from unchanged files.'),
  INTEGRITY_MISSING: entry(422, EXIT.refused, 'A file listed in integrity.txt is missing', 'Pack and sign again from unchanged files.'),
  INTEGRITY_EXTRA: entry(422, EXIT.refused, 'A file is not listed in integrity.txt', 'Pack and sign again from unchanged files.'),
} as const satisfies Record<string, CatalogueEntry>;
