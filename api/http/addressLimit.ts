import ipaddr from 'ipaddr.js';
import { MINUTE } from '../../core/duration';
import { problem, Refusal } from '../../core/errors/errors';

/** How often an address may call without a valid token; each process counts by itself. */
export interface AddressLimit {
  /** @throws Refusal RATE_LIMITED, whose cause names the seconds to wait */
  take(address: string): void;
}

/** So many addresses are remembered and no more; the one that has been counted longest is forgotten first. */
const MOST_ADDRESSES = 10_000;

/**
 * Counted in memory, not in the database: who has no token shall not make it write. What is remembered is bounded,
 * whoever calls.
 */
export function createAddressLimit(
  perMinute: number,
  now: () => Date,
  most: number = MOST_ADDRESSES,
): AddressLimit {
  const windows = new Map<string, { count: number; endsAt: number }>();
  return {
    take(address) {
      const at = now().getTime();
      const key = toNetwork(address);
      const known = windows.get(key);
      if (known && known.endsAt > at) {
        known.count += 1;
        if (known.count > perMinute) throw tooMany(perMinute, known.endsAt - at);
        return;
      }
      windows.delete(key);
      windows.set(key, { count: 1, endsAt: at + MINUTE });
      const [oldest] = windows.keys();
      if (windows.size > most && oldest !== undefined) windows.delete(oldest);
    },
  };
}

function tooMany(perMinute: number, leftMs: number): Refusal {
  const seconds = Math.ceil(leftMs / 1000);
  const detail = `More than ${perMinute} calls without a valid token in a minute from this address; the next one is taken in ${seconds} s.`;
  return new Refusal([problem('RATE_LIMITED', detail)], { cause: { retryAfterSeconds: seconds } });
}

/** Of IPv6 a subscriber has a network of 64 bits: all of its addresses count as one. */
function toNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`;
}
