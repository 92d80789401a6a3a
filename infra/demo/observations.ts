/** A statement about what happened, and what was seen of it: never an intention. */
export interface Observation {
  /** The release that it is about. */
  about: string;
  claim: string;
  observed: boolean;
  /** What was read, from the API, a host or a disk. */
  evidence: string;
}

export interface Observations {
  readonly all: readonly Observation[];
  /** Writes down whether a claim was seen to be true. */
  note(about: string, claim: string, observed: boolean, evidence: string): void;
  missing(): readonly Observation[];
}

export function createObservations(): Observations {
  const all: Observation[] = [];
  return {
    all,
    note: (about, claim, observed, evidence) => void all.push({ about, claim, observed, evidence }),
    missing: () => all.filter(({ observed }) => !observed),
  };
}
