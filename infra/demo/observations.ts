/** A statement about what happened, and what was seen of it: never an intention. */
export interface Observation {
  claim: string;
  observed: boolean;
  /** What was read, from the API, a host or a disk. */
  evidence: string;
}

export interface Observations {
  readonly all: readonly Observation[];
  /** Writes down whether a claim was seen to be true. */
  note(claim: string, observed: boolean, evidence: string): void;
  missing(): readonly Observation[];
}

export function createObservations(): Observations {
  const all: Observation[] = [];
  return {
    all,
    note: (claim, observed, evidence) => void all.push({ claim, observed, evidence }),
    missing: () => all.filter(({ observed }) => !observed),
  };
}
