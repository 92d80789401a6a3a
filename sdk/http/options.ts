import type { Dispatcher } from 'undici';
import { DEFAULT_TENANT_PREFIX } from '../../contracts/paths';

/** What a caller hears when a request is tried again. */
export interface RetryNotice {
  method: string;
  path: string;
  /** How many tries have failed so far. */
  attempt: number;
  /** The sentence of the failure; never a token or a signed URL. */
  reason: string;
}

export interface ClientOptions {
  /** Origin of the marketplace, with a path where it is served below one. */
  baseUrl: string;
  /** Bearer token; absent for what is public. */
  token?: string | undefined;
  /** Replaces the connection pool: a proxy, a guard against private addresses, a test's own. */
  dispatcher?: Dispatcher;
  /** Replaces the origin of part URLs, for a store that authors reach under another address. */
  objectsEndpoint?: string;
  /** Where the tenant's routes begin. */
  tenantPrefix?: string;
  /** Milliseconds for one try of a request, answer included. */
  timeoutMs?: number;
  /** Milliseconds for one try of a part; a part is at most some tens of MiB. */
  partTimeoutMs?: number;
  /** How often a temporary failure is tried again. */
  retries?: number;
  /** Milliseconds before the first repetition; it doubles up to {@link ClientOptions.maxDelayMs}. */
  minDelayMs?: number;
  maxDelayMs?: number;
  /** How long a live timeline may be out of reach before that is an error, in milliseconds. */
  maxOutageMs?: number;
  onRetry?: (notice: RetryNotice) => void;
  /**
   * Told of every answer: the time that it bears by the server's clock, and when it was asked for and arrived by this
   * machine's, in milliseconds.
   */
  onAnswer?: (date: string | undefined, sentAt: number, receivedAt: number) => void;
  userAgent?: string;
}

export type ResolvedOptions = Required<Omit<ClientOptions, 'token' | 'dispatcher' | 'objectsEndpoint'>> &
  Pick<ClientOptions, 'token' | 'dispatcher' | 'objectsEndpoint'>;

const SECOND = 1000;

/** Fills in what the caller left open. */
export function resolveOptions(options: ClientOptions): ResolvedOptions {
  return {
    tenantPrefix: DEFAULT_TENANT_PREFIX,
    timeoutMs: 30 * SECOND,
    partTimeoutMs: 600 * SECOND,
    retries: 6,
    minDelayMs: 300,
    maxDelayMs: 10 * SECOND,
    maxOutageMs: 600 * SECOND,
    onRetry: () => undefined,
    onAnswer: () => undefined,
    userAgent: 'spillway-sdk',
    ...options,
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
  };
}
