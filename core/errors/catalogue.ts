import type { CatalogueEntry } from './entry';
import { commandLineErrors } from './commandLine';
import { identityErrors } from './identity';
import { installationsErrors } from './installations';
import { objectsErrors } from './objects';
import { packagesErrors } from './packages';
import { releasesErrors } from './releases';
import { reviewsErrors } from './reviews';
import { rolloutsErrors } from './rollouts';
import { scansErrors } from './scans';
import { transportErrors } from './transport';

/** Every refusal that a person can meet, in a file a domain; headings are those of docs/errors.md. */
export const catalogueGroups = {
  Requests: transportErrors,
  Identity: identityErrors,
  Releases: releasesErrors,
  'Object store': objectsErrors,
  Packages: packagesErrors,
  Scans: scansErrors,
  Reviews: reviewsErrors,
  Rollouts: rolloutsErrors,
  Installations: installationsErrors,
  'Command line': commandLineErrors,
} as const satisfies Record<string, Record<string, CatalogueEntry>>;

export const catalogue = {
  ...transportErrors,
  ...identityErrors,
  ...releasesErrors,
  ...objectsErrors,
  ...packagesErrors,
  ...scansErrors,
  ...reviewsErrors,
  ...rolloutsErrors,
  ...installationsErrors,
  ...commandLineErrors,
};

export type ErrorCode = keyof typeof catalogue;

/** Whether `code` is one of the catalogue, for codes that come from outside. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}
