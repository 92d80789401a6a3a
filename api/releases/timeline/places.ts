import { Refusal, problem } from '../../../core/errors/errors';

/** Seconds after which it is worth asking again: a client that went away has left its place by then. */
const RETRY_AFTER_SECONDS = 10;

/** How many live timelines each subject has open at this process. */
export interface Places {
  /**
   * Takes a place, and gives the function that leaves it again.
   * @throws Refusal RATE_LIMITED when the subject has as many open as it may
   */
  take(subject: string): () => void;
}

export function createPlaces(most: number): Places {
  const taken = new Map<string, number>();
  return {
    take(subject) {
      const open = taken.get(subject) ?? 0;
      if (open >= most) throw tooMany(most);
      taken.set(subject, open + 1);
      return () => {
        const left = (taken.get(subject) ?? 1) - 1;
        if (left > 0) taken.set(subject, left);
        else taken.delete(subject);
      };
    },
  };
}

function tooMany(most: number): Refusal {
  const detail = `${most} live timelines are open already; close one, or ask for a page with Accept: application/json.`;
  return new Refusal([problem('RATE_LIMITED', detail)], {
    cause: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  });
}
