import type { ReleaseState } from '../../core/releases/state';
import type { Origin } from '../audit/origin';

/** A person's decision. `reviewer` comes from the token; `packageSha256` is the package that was reviewed. */
export interface Decision extends Origin {
  decision: 'approve' | 'reject';
  reviewer: string;
  notes: string;
  packageSha256: string;
}

export interface DecisionReply {
  decision: Decision['decision'];
  reviewer: string;
  state: ReleaseState;
}

/** A decision that came by signal: it applies to the package that the release has. */
export interface SignalledDecision extends Origin {
  reviewer: string;
  notes?: string;
}
