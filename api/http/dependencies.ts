import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Wakeups } from '../../adapters/db/releases/wakeups';
import type { ObjectStore } from '../../adapters/objects/objectStore';
import type { ApiSettings } from '../config';
import type { Engine } from './engine';
import type { ApiMetrics } from './metrics';
import type { RateLimits } from './rateLimit';

/** What an app is made of. Nothing in it remembers a caller, so two apps side by side behave as one. */
export interface AppDependencies {
  db: Knex;
  temporal: Client;
  objects: ObjectStore;
  /** Wakes live timelines. */
  wakeups: Wakeups;
  settings: ApiSettings;
  logger: Logger;
  now: () => Date;
  /** Aborted when the process is about to end: live timelines close, so that clients reconnect elsewhere. */
  closing: AbortSignal;
}

/** The same with what the app makes of it: what the routes are handed. */
export interface RouteDependencies extends AppDependencies {
  engine: Engine;
  rateLimits: RateLimits;
  metrics: ApiMetrics;
}
