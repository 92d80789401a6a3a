import { createAddressLimit } from '../../../api/http/addressLimit';
import { Refusal } from '../../../core/errors/errors';

let at: Date;
beforeEach(() => (at = new Date('2026-05-01T00:00:00Z')));
const open = (perMinute: number, most?: number) => createAddressLimit(perMinute, () => at, most);
const isTaken = (limit: ReturnType<typeof open>, address: string): boolean => {
  try {
    limit.take(address);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'RATE_LIMITED') throw error;
    expect(error.cause).toEqual({ retryAfterSeconds: expect.any(Number) as number });
    return false;
  }
};

test('an address calls so often in a minute and no more, and stands in no other’s way', () => {
  const limit = open(2);
  expect(['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'].map((each) => isTaken(limit, each))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  at = new Date(at.getTime() + 60_000);
  expect(isTaken(limit, '192.0.2.1')).toBe(true);
});

test('all addresses of one IPv6 subscriber count as one, and one within IPv6 counts as itself', () => {
  const limit = open(1);
  expect(isTaken(limit, '2001:db8:1:2::1')).toBe(true);
  expect(isTaken(limit, '2001:db8:1:2:ffff::9')).toBe(false);
  expect(isTaken(limit, '2001:db8:1:3::1')).toBe(true);
  expect(isTaken(limit, '192.0.2.1')).toBe(true);
  expect(isTaken(limit, '::ffff:192.0.2.1')).toBe(false);
});

test('what is no address counts as one, too', () => {
  const limit = open(1);
  expect([isTaken(limit, ''), isTaken(limit, 'anything')]).toEqual([true, false]);
});

test('however many addresses call, so many are remembered and no more: the one counted longest is forgotten', () => {
  const limit = open(1, 3);
  for (const each of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) isTaken(limit, each);
  expect(isTaken(limit, '192.0.2.2')).toBe(false);
  isTaken(limit, '192.0.2.4');
  expect(isTaken(limit, '192.0.2.2')).toBe(false);
  expect(isTaken(limit, '192.0.2.1')).toBe(true);
});
