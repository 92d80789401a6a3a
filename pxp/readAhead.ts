/**
 * Runs `start` for several items at once and yields the results in the order of the items. What is
 * running or waiting to be taken never weighs more than `budget`, except for a single heavier item.
 *
 * When the consumer stops early or an item fails, what still runs is awaited, so nothing outlives
 * the loop.
 */
export async function* readAhead<Item, Result>(
  items: Iterable<Item>,
  options: { budget: number; weigh: (item: Item) => number; start: (item: Item) => Promise<Result> },
): AsyncGenerator<Result> {
  const running: { weight: number; result: Promise<Result> }[] = [];
  let load = 0;

  async function take(): Promise<Result> {
    const first = running.shift();
    if (!first) throw new RangeError('Nothing is running.');
    load -= first.weight;
    return await first.result;
  }

  try {
    for (const item of items) {
      const weight = options.weigh(item);
      while (running.length > 0 && load + weight > options.budget) yield await take();
      const result = options.start(item);
      // A failure is met when its turn comes; until then it must not count as unhandled.
      result.catch(() => undefined);
      running.push({ weight, result });
      load += weight;
    }
    while (running.length > 0) yield await take();
  } finally {
    await Promise.allSettled(running.map((each) => each.result));
  }
}
