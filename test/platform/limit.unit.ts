import fc from 'fast-check';
import { createLimit, createQueue, forEachLimited } from '../../platform/limit';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that counts how much of it goes on at once. */
function createCounter() {
  let running = 0;
  const seen = { most: 0, done: 0 };
  const work = async (): Promise<void> => {
    running += 1;
    seen.most = Math.max(seen.most, running);
    await nextTurn();
    running -= 1;
    seen.done += 1;
  };
  return { seen, work };
}

test('never is more work under way than there are places, and all of it is done', async () => {
  const places = fc.integer({ min: 1, max: 8 });
  await fc.assert(
    fc.asyncProperty(places, fc.integer({ min: 0, max: 30 }), async (atMost, count) => {
      const { seen, work } = createCounter();
      const limit = createLimit(atMost);
      await Promise.all(Array.from({ length: count }, () => limit(work)));
      expect(seen).toEqual({ most: Math.min(atMost, count), done: count });
    }),
    { numRuns: 30 },
  );
});

test('a place is free again after work that failed', async () => {
  const limit = createLimit(1);
  await expect(limit(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await limit(async () => 'next')).toBe('next');
});

test('the first failure stops what has not begun, and is thrown when all has ended', async () => {
  const ended: number[] = [];
  const work = async (item: number, signal: AbortSignal): Promise<void> => {
    await nextTurn();
    if (item === 1) throw new Error('part 1 was refused');
    await nextTurn();
    ended.push(item);
    expect(signal.aborted).toBe(true);
  };
  await expect(forEachLimited([0, 1, 2, 3, 4], 2, work)).rejects.toThrow('part 1 was refused');
  expect(ended).toEqual([0]);
});

test('a queue is idle when nothing of it runs or waits, also what was added meanwhile', async () => {
  const { seen, work } = createCounter();
  const queue = createQueue(2);
  await queue.whenIdle();
  queue.add(work);
  queue.add(async () => {
    await work();
    queue.add(work);
  });
  await queue.whenIdle();
  expect(seen.done).toBe(3);
});
