import { refuseIfAny, problem } from '../core/errors';
import { createClient, type Client } from '../sdk/client';
import type { RetryNotice } from '../sdk/options';
import { settings, type CliConfig } from './config';

/**
 * The marketplace as the settings name it.
 *
 * @throws Refusal naming every setting that is missing
 */
export function connect(config: CliConfig, onRetry?: (notice: RetryNotice) => void): Client {
  const { apiUrl = '', token = '' } = config;
  const missing = [apiUrl === '' ? settings.apiUrl : '', token === '' ? settings.token : ''].filter(Boolean);
  refuseIfAny(missing.map((name) => problem('SETTING_MISSING', `${name} is not set.`, name)));
  return createClient({
    baseUrl: apiUrl,
    token,
    userAgent: 'px-plugin',
    ...(config.storeEndpoint === undefined ? {} : { storeEndpoint: config.storeEndpoint }),
    ...(onRetry === undefined ? {} : { onRetry }),
  });
}
