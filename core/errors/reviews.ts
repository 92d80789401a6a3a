import { entry, EXIT, type CatalogueEntry } from './entry';

/** Decisions of reviewers. */
// prettier-ignore
export const reviewsErrors = {
  REVIEW_CLOSED: entry(409, EXIT.conflict, 'The review is closed', 'Read the decision that was made.'),
  REVIEW_INFORMATION_FULL: entry(409, EXIT.conflict, 'The review has as much information as it takes', 'Wait for the decision, or publish a new version whose notes say it all.'),
  REVIEW_OWN: entry(403, EXIT.auth, 'Publishers cannot review their own releases', 'Ask another reviewer.'),
  REVIEW_DIGEST: entry(409, EXIT.conflict, 'The decision is about a different package', 'Reload the review and decide on the package it shows.'),
  DECISION_UNKNOWN: entry(403, EXIT.auth, 'There is no such decision on record', 'Decide on the review page, with px-plugin review, or by the API; a message to the workflow alone decides nothing.'),
  DECISION_EXPIRED: entry(409, EXIT.conflict, 'The decision has expired', 'Look at the release again and decide again.'),
} as const satisfies Record<string, CatalogueEntry>;
