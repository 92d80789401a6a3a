import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { refusal } from '../../core/errors/errors';

/** The only part of IPv6 that addresses of the public internet are given from (RFC 4291, section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an address is one of the public internet: not private, loopback, link-local, mapped or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const seen = ipaddr.parse(address);
  if (!(seen instanceof ipaddr.IPv6)) return seen.range() === 'unicast';
  // ::ffff:127.0.0.1 is seen as what it is. ::7f00:1, which some systems take for the same, has no range of its own.
  if (seen.isIPv4MappedAddress()) return seen.toIPv4Address().range() === 'unicast';
  return seen.range() === 'unicast' && seen.match(GLOBAL_UNICAST);
}

const refuse = (url: URL, why: string) =>
  refusal('INSTALL_SOURCE_REFUSED', `${url.protocol}//${url.host} ${why}.`, '/url');

/**
 * Checks what an address says by itself: its scheme, credentials, and a literal IP address. Names are
 * checked when they are resolved, by {@link publicLookup}. Origins that the operator allowed pass.
 *
 * @throws Refusal with INSTALL_SOURCE_REFUSED (INS-02)
 */
export function checkAddress(url: URL, allowedOrigins: ReadonlySet<string>): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(url, 'is no web address');
  if (url.username !== '' || url.password !== '') throw refuse(url, 'carries credentials');
  if (allowedOrigins.has(url.origin)) return;
  if (url.protocol !== 'https:') throw refuse(url, 'is not encrypted');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(literal) && !isPublicAddress(literal)) throw refuse(url, 'is not a public address');
}

/**
 * Resolves a name and refuses it when any of its addresses is not public. The connection is made to the
 * addresses that were checked, so a name that changes its mind in between gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  const all: LookupOptions & { all: true } = { ...options, all: true };
  resolveName(hostname, all, (error, addresses: LookupAddress[] = []) => {
    const [first] = addresses;
    if (error || !first) return callback(error ?? new Error(`${hostname} has no address.`), '', 0);
    if (!addresses.every(({ address }) => isPublicAddress(address))) {
      const refused = refusal(
        'INSTALL_SOURCE_REFUSED',
        `${hostname} does not have public addresses only.`,
        '/url',
      );
      return callback(refused, '', 0);
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
