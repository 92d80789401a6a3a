import type { Problem } from '../../core/errors/errors';
import type { ReleaseState } from '../../core/releases/state';
import type { ReviewDecision } from '../../core/reviews/states';
import type { Origin } from '../audit/origin';

/** A person's decision. `reviewer` comes from the token; `packageSha256` is the package that was reviewed. */
export interface Decision extends Origin {
  decision: ReviewDecision;
  reviewer: string;
  notes: string;
  packageSha256: string;
}

/**
 * All that the workflow engine is told of a decision: the id of the row that the API wrote. Update `decide`
 * and the signals `approve` and `reject` carry it.
 */
export interface DecisionReference {
  decisionId: string;
}

/** The decision of a message as its release takes it; `expected` is what the message itself says was decided. */
export interface DecisionToTake extends DecisionReference {
  releaseId: string;
  expected?: ReviewDecision | undefined;
}

export type TakenDecision =
  { outcome: 'taken'; decision: Decision } | { outcome: 'refused'; problems: Problem[] };

export interface DecisionReply {
  decision: ReviewDecision;
  reviewer: string;
  state: ReleaseState;
}
