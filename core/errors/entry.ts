/**
 * A refusal that a person can meet. Its code is stable for good: scripts match on it.
 *
 * `status` is the HTTP status, `exit` the process status of `px-plugin`, `class` says who has to act:
 * `user` (final until they change something) or `ours` (retried). `next` is the next step.
 */
export interface CatalogueEntry {
  status: number;
  exit: number;
  class: 'user' | 'ours';
  title: string;
  next: string;
}

/** Exit statuses of `px-plugin`, documented in docs/errors.md. */
export const EXIT = { refused: 1, usage: 2, auth: 3, conflict: 4, unavailable: 5, unfinished: 6 } as const;

/** An entry that is final until the user changes something. */
export const entry = (status: number, exit: number, title: string, next: string): CatalogueEntry => ({
  status,
  exit,
  class: 'user',
  title,
  next,
});

/** An entry for a fault of the platform, which clients and workflows retry. */
export const ours = (status: number, title: string, next: string): CatalogueEntry => ({
  status,
  exit: EXIT.unavailable,
  class: 'ours',
  title,
  next,
});
