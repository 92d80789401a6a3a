import path from 'node:path';
import type { Entries } from '../../../infra/stack/context';

const here = (name: string): string => path.join(__dirname, name);
const service = here('service.mjs');

/** Small programs in the place of the product's, for tests of the supervisor alone. */
export const fakeEntries: Entries = {
  api: service,
  objects: service,
  codec: service,
  worker: service,
  host: service,
  hostTrial: service,
  migrate: here('migrate.cjs'),
  trust: here('trust.mjs'),
  signer: service,
  workflowBundle: here('migrate.cjs'),
  webDir: here('web'),
};
