/** What the doctor says of one component. */
export interface Finding {
  component: string;
  there: boolean;
  version: string | null;
  /** Where it came from, or how it is reached. */
  origin: string;
  /** Whether publishing from this machine needs it. */
  needed: boolean;
  /** What to do when it is not there. */
  next: string | null;
}

export const present = (
  component: string,
  origin: string,
  facts: { version?: string | undefined; needed?: boolean } = {},
): Finding => ({
  component,
  there: true,
  version: facts.version ?? null,
  origin,
  needed: facts.needed ?? false,
  next: null,
});

export const missing = (
  component: string,
  origin: string,
  next: string,
  facts: { needed?: boolean } = {},
): Finding => ({ component, there: false, version: null, origin, needed: facts.needed ?? false, next });
