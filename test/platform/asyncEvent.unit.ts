import { createAsyncEvent } from '../../platform/asyncEvent';

const LONG_MS = 600_000;
const never = new AbortController().signal;

test('what happens while nobody waits is not lost, and is told until it is cleared', async () => {
  const event = createAsyncEvent();
  event.set();
  await event.wait(LONG_MS, never);
  await event.wait(LONG_MS, never);
  event.clear();
  let isTold = false;
  const waiting = event.wait(LONG_MS, never).then(() => (isTold = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isTold).toBe(false);
  event.set();
  await waiting;
});

test('waiting ends after its time, and with its signal', async () => {
  const event = createAsyncEvent();
  await event.wait(1, never);
  const ending = new AbortController();
  const waiting = event.wait(LONG_MS, ending.signal);
  ending.abort();
  await waiting;
});
