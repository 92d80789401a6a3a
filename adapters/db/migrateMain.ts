import pino from 'pino';
import { z } from 'zod';
import { textSetting, urlSetting } from '../../platform/settings/text';
import { connect } from './connect';
import { migrate } from './migrate';
import { setPasswords } from './processRoles';

const settings = z.object({
  DATABASE_URL: urlSetting(),
  SPILLWAY_API_DATABASE_PASSWORD: textSetting().optional(),
  SPILLWAY_WORKER_DATABASE_PASSWORD: textSetting().optional(),
  SPILLWAY_SIGNER_DATABASE_PASSWORD: textSetting().optional(),
  LOG_LEVEL: textSetting().default('info'),
});

/**
 * Brings the database of `DATABASE_URL`, which names its owner, up to date, lets the processes' roles log in
 * where their passwords are given, and says what was done.
 */
async function main(): Promise<void> {
  const env = settings.parse(process.env);
  const logger = pino({ name: 'migrate', level: env.LOG_LEVEL });
  const knex = connect(env.DATABASE_URL, {
    applicationName: 'spillway-migrate',
    poolSize: 2,
    statementTimeoutMs: 0,
  });
  try {
    const applied = await migrate(knex);
    logger.info({ applied }, applied.length > 0 ? 'migrations applied' : 'the database is up to date');
    await setPasswords(knex, {
      api: env.SPILLWAY_API_DATABASE_PASSWORD,
      worker: env.SPILLWAY_WORKER_DATABASE_PASSWORD,
      signer: env.SPILLWAY_SIGNER_DATABASE_PASSWORD,
    });
  } catch (error) {
    logger.error({ err: error }, 'the migrations failed; the database is as it was before');
    process.exitCode = 1;
  } finally {
    await knex.destroy();
  }
}

void main();
