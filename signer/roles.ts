import { DAY, HOUR } from '../core/duration';

/** Roles whose keys the signer holds. `releases` signs what is delegated to publishers. */
export const onlineRoles = ['timestamp', 'snapshot', 'targets', 'releases'] as const;
export type OnlineRole = (typeof onlineRoles)[number];

/** Roles that root metadata names besides itself. */
export const rootedRoles = ['timestamp', 'snapshot', 'targets'] as const;

/** How long each kind of metadata is valid, in milliseconds. */
export interface Lifetimes {
  timestamp: number;
  snapshot: number;
  targets: number;
}

export const ROOT_LIFETIME_MS = 365 * DAY;
export const defaultLifetimes: Lifetimes = { timestamp: HOUR, snapshot: 3 * DAY, targets: 14 * DAY };

/** The version of the specification that the metadata follow. */
export const SPEC_VERSION = '1.0.31';

/** A moment without its milliseconds, as the specification writes it. */
export const toExpiry = (now: Date, lifetimeMs: number): string =>
  new Date(now.getTime() + lifetimeMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
