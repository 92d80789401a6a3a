import type { Knex } from 'knex';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { problem, Refusal } from '../../core/errors/errors';

/** How often one subject may publish; counted in Postgres, so that it holds over all API processes. */
export interface PublishLimit {
  /** @throws Refusal RATE_LIMITED, whose cause names the seconds to wait */
  take(subject: string): Promise<void>;
}

export function createPublishLimit(db: Knex, perMinute: number): PublishLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: db,
    storeType: 'knex',
    tableName: 'rate_limits',
    // A migration made it: two processes that start at once would race for it.
    tableCreated: true,
    keyPrefix: 'publish',
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
        const detail = `More than ${perMinute} publish calls in a minute; the next one is taken in ${seconds} s.`;
        throw new Refusal([problem('RATE_LIMITED', detail)], { cause: { retryAfterSeconds: seconds } });
      }
    },
  };
}
