import type { Knex } from 'knex';
import pino, { type Logger } from 'pino';
import { z } from 'zod';
import { defaultScopes } from '../../core/access';
import { textSetting, urlSetting } from '../../platform/settings/text';
import { operatorTokenSetting } from '../settings/operatorToken';
import { connect } from './connect';
import { admitSettingsToken } from './identity/settingsToken';
import { migrate } from './migrate';
import { setPasswords } from './processRoles';

const settings = z.object({
  DATABASE_URL: urlSetting(),
  SPILLWAY_API_DATABASE_PASSWORD: textSetting().optional(),
  SPILLWAY_WORKER_DATABASE_PASSWORD: textSetting().optional(),
  SPILLWAY_SIGNER_DATABASE_PASSWORD: textSetting().optional(),
  SPILLWAY_ADMIN_TOKEN: operatorTokenSetting().optional(),
  LOG_LEVEL: textSetting().default('info'),
});

/**
 * Brings the database of `DATABASE_URL`, which names its owner, up to date, lets the processes' roles log in
 * where their passwords are given, makes the operator's token of the settings valid, and says what was done.
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
    if (env.SPILLWAY_ADMIN_TOKEN !== undefined) await admitOperator(knex, env.SPILLWAY_ADMIN_TOKEN, logger);
  } catch (error) {
    logger.error({ err: error }, 'the migrations failed; the database is as it was before');
    process.exitCode = 1;
  } finally {
    await knex.destroy();
  }
}

/** It is given here, so that the API neither has it nor could make another one valid. */
async function admitOperator(knex: Knex, token: string, logger: Logger): Promise<void> {
  const operator = { kind: 'operator' as const, id: 'admin', scopes: [...defaultScopes.operator] };
  const admission = await admitSettingsToken(knex, token, operator, new Date());
  if (admission === 'ended') logger.error('SPILLWAY_ADMIN_TOKEN was revoked; set a new one');
}

void main();
