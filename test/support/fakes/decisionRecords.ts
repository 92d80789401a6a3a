import { randomUUID } from 'node:crypto';
import { checkReference } from '../../../core/reviews/decision';
import type { ReviewDecision } from '../../../core/reviews/states';
import type { Decision, DecisionReference, TakenDecision } from '../../../contracts/reviews/messages';
import type { CheckedRelease } from '../../../activities/releases/types';

/** Decisions on record, held in memory; judged by the rules that the database's adapter uses. */
export class DecisionRecords {
  private readonly decisions = new Map<string, Decision>();
  private taken: string | undefined;

  /** What the API does for an authenticated reviewer; the workflow is told the reference. */
  write(decision: Decision): DecisionReference {
    const decisionId = randomUUID();
    this.decisions.set(decisionId, decision);
    return { decisionId };
  }

  take(
    { decisionId, expected }: DecisionReference & { expected?: ReviewDecision },
    { versionId, publisherId, packageSha256 }: CheckedRelease,
  ): TakenDecision {
    const decision = this.decisions.get(decisionId);
    const facts = {
      ...{ versionId, publisherId, publisherPersons: [publisherId], packageSha256 },
      open: this.taken === undefined,
    };
    const recorded = decision && {
      ...decision,
      persons: [decision.reviewer],
      expiresAt: new Date('9999-01-01'),
    };
    const problems = checkReference({ decisionId, expected }, recorded, facts, new Date());
    if (!decision || problems.length > 0) return { outcome: 'refused', problems };
    this.taken = decisionId;
    return { outcome: 'taken', decision };
  }
}
