import { describeCause, type CheckEndCause } from '../../../core/releases/checkEnds';

/** Signals by which people and supervisors end processes; they say nothing about a package. */
const STOPS: readonly (string | null)[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
export const isStop = (signal: string | null): boolean => STOPS.includes(signal);

/** The process of a check has ended by the doing of the package that it checked. */
export class CheckEnded extends Error {
  override readonly name = 'CheckEnded';

  constructor(readonly why: CheckEndCause) {
    super(`The check did not finish: ${describeCause[why]}.`);
  }
}
