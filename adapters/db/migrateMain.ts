import pino from 'pino';
import { z } from 'zod';
import { migrate } from './migrate';

const settings = z.object({ DATABASE_URL: z.url(), LOG_LEVEL: z.string().default('info') });

/** Brings the database of `DATABASE_URL` up to date and says what it applied. */
async function main(): Promise<void> {
  const { DATABASE_URL, LOG_LEVEL } = settings.parse(process.env);
  const logger = pino({ name: 'migrate', level: LOG_LEVEL });
  try {
    const applied = await migrate(DATABASE_URL);
    logger.info({ applied }, applied.length > 0 ? 'migrations applied' : 'the database is up to date');
  } catch (error) {
    logger.error({ err: error }, 'the migrations failed; the database is as it was before');
    process.exitCode = 1;
  }
}

void main();
