import type { Knex } from 'knex';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { problem, Refusal } from '../../core/errors/errors';
import type { ApiSettings } from '../config';

/** How often one subject may do something; counted in Postgres, so that it holds over all API processes. */
export interface RateLimit {
  /** @throws Refusal RATE_LIMITED, whose cause names the seconds to wait */
  take(subject: string): Promise<void>;
}

/** `writes` is over all routes that change anything; `packages` over downloads of packages under review. */
export type RateName = 'publish' | 'writes' | 'packages';
export type RateLimits = Record<RateName, RateLimit>;

export const createRateLimits = (
  db: Knex,
  { publishPerMinute, writesPerMinute, packagesPerMinute }: ApiSettings,
): RateLimits => ({
  publish: createRateLimit(db, { key: 'publish', perMinute: publishPerMinute, of: 'publish calls' }),
  writes: createRateLimit(db, { key: 'writes', perMinute: writesPerMinute, of: 'writing calls' }),
  packages: createRateLimit(db, {
    key: 'packages',
    perMinute: packagesPerMinute,
    of: 'downloads for reviewers',
  }),
});

/** The limit that each call of a route counts against: what writes has one without saying so. */
export const rateOf = ({ rate, method }: { rate?: RateName; method: string }): RateName | undefined =>
  rate ?? (method === 'get' ? undefined : 'writes');

interface Rate {
  key: RateName;
  perMinute: number;
  of: string;
}

function createRateLimit(db: Knex, { key, perMinute, of }: Rate): RateLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: db,
    storeType: 'knex',
    tableName: 'rate_limits',
    // A migration made it: two processes that start at once would race for it.
    tableCreated: true,
    keyPrefix: key,
    points: perMinute,
    duration: 60,
  });
  return {
    async take(subject) {
      try {
        await limiter.consume(subject);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const seconds = Math.ceil(error.msBeforeNext / 1000);
        const detail = `More than ${perMinute} ${of} in a minute; the next one is taken in ${seconds} s.`;
        throw new Refusal([problem('RATE_LIMITED', detail)], { cause: { retryAfterSeconds: seconds } });
      }
    },
  };
}
