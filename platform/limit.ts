/** Lets work in, a few at a time. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A turnstile with `places`: whoever finds it full waits in line. It bounds what many packages at
 * once cost in memory, where each of them streams but all together would not be flat.
 */
export function createLimit(places: number): Limit {
  const line: (() => void)[] = [];
  let free = places;

  async function enter(): Promise<void> {
    if (free > 0) free -= 1;
    else await new Promise<void>((next) => line.push(next));
  }

  /** The place is handed to the next in line, so that nobody slips in between. */
  function leave(): void {
    const next = line.shift();
    if (next) next();
    else free += 1;
  }

  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
