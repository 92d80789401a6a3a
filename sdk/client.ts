import { operating } from './operating';
import { resolveOptions, type ClientOptions } from './http/options';
import { publishing } from './publishing';
import { tenant } from './tenant';
import { createTransport } from './http/transport';

/**
 * A typed client of the marketplace for command line, host and third parties.
 *
 * Every failure is a Refusal with the server's problems (`originOf` tells status and requestId).
 * Temporary ones have been tried again by then; no other 4xx ever is.
 */
export function createClient(options: ClientOptions) {
  const transport = createTransport(resolveOptions(options));
  return { ...publishing(transport), ...operating(transport), ...tenant(transport) };
}

export type Client = ReturnType<typeof createClient>;
