import ipaddr from 'ipaddr.js';

/**
 * Whether `host:port` leads to this machine by its name alone: `localhost`, 127.0.0.0/8 or ::1. Any other name counts as foreign,
 * whatever it resolves to, because names change their minds.
 */
export function isLoopbackAddress(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
