import type { CheckedRelease, StateChange } from '../../../activities/releases/types';
import type { Origin } from '../../../contracts/audit/origin';
import { DecisionRecords } from '../fakes/decisionRecords';

/** An effect that a workflow asked for: the activity's name and what it was given. */
export interface Effect {
  name: string;
  input: unknown;
}

/** What was carried out since the test began. */
export interface Recording {
  /** Every effect, in order. */
  effects: Effect[];
  stageTimes: { startedAt: string; endsAt: string }[];
  /** How often each scanner ran. */
  scanAttempts: Map<string, number>;
  /** The release that was registered last. */
  release?: CheckedRelease;
  decisions: DecisionRecords;
  /** Who gave each command, by its id. */
  commands: Map<string, Origin>;
}

export const createRecording = (): Recording => ({
  effects: [],
  stageTimes: [],
  scanAttempts: new Map(),
  decisions: new DecisionRecords(),
  commands: new Map(),
});

/** State changes as `from → to`. */
export const listTransitions = ({ effects }: Recording): string[] =>
  effects
    .filter(({ name }) => name === 'changeState')
    .map(({ input }) => {
      const { from, to } = input as StateChange;
      return `${from} → ${to}`;
    });
