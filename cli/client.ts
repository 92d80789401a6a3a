import { refuseIfAny, problem } from '../core/errors/errors';
import { createClient, type Client } from '../sdk/client';
import type { RetryNotice } from '../sdk/http/options';
import type { CliConfig } from './config';
import { openNetwork } from './network';
import { settings } from './settings';
import type { Terminal } from './terminal/terminal';

/** Says that a request is tried again, so that nobody looks at a silent terminal. */
export const sayRetries =
  (terminal: Terminal) =>
  ({ attempt, reason }: RetryNotice): void =>
    terminal.error(`  ${reason} Retrying (${attempt}).`);

/**
 * The marketplace as the settings name it.
 *
 * @param onRetry hears of every request that is tried again
 * @throws Refusal naming every setting that is missing
 */
export function connect(config: CliConfig, onRetry: (notice: RetryNotice) => void): Client {
  const { apiUrl = '', token = '' } = config;
  const missing = [apiUrl === '' ? settings.apiUrl : '', token === '' ? settings.token : ''].filter(Boolean);
  refuseIfAny(missing.map((name) => problem('SETTING_MISSING', `${name} is not set.`, name)));
  const dispatcher = openNetwork(config.network);
  return createClient({
    baseUrl: apiUrl,
    ...(dispatcher ? { dispatcher } : {}),
    token,
    userAgent: 'px-plugin',
    ...(config.objectsEndpoint === undefined ? {} : { objectsEndpoint: config.objectsEndpoint }),
    onRetry,
  });
}
