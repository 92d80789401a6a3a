import { retryUntilDone } from '../../platform/retry';

const backoff = { firstMs: 1, longestMs: 2 };

test('what fails is tried again with growing pauses until it works', async () => {
  const pauses: number[] = [];
  let left = 3;
  const result = await retryUntilDone(
    async () => {
      if (left-- > 0) throw new Error('away');
      return 'here';
    },
    { backoff, signal: new AbortController().signal, onFailure: (_error, ms) => pauses.push(ms) },
  );
  expect([result, pauses]).toEqual(['here', [1, 2, 2]]);
});

test('nobody waits on after the signal, and the reason of the signal is thrown', async () => {
  const ending = new AbortController();
  const waiting = retryUntilDone(() => Promise.reject(new Error('away')), {
    backoff: { firstMs: 60_000, longestMs: 60_000 },
    signal: ending.signal,
    onFailure: () => ending.abort(new Error('asked to end')),
  });
  await expect(waiting).rejects.toThrow('asked to end');
  await expect(
    retryUntilDone(async () => 'here', { backoff, signal: ending.signal, onFailure: () => undefined }),
  ).rejects.toThrow('asked to end');
});
