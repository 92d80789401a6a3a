/** The rest of a query for one page; `cursor` is the `next` of the page before, null for the first. */
export const pageQuery = (cursor: string | null): string =>
  cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;

export const nextPage = ({ next }: { next: string | null }): string | null => next;
