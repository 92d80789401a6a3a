/**
 * Who may import whom: the table of docs/architecture.md as data, enforced on every import.
 * `folders` may be imported for their values, `types` for their types only, `packages` by name
 * (a trailing `/` stands for a whole scope, `node:` for Node's own modules), `files` by path, where
 * `*` stands for any domain.
 */
const anyPackage = [''];

export const importTable = {
  core: { folders: [], packages: ['semver', 'murmurhash'] },
  contracts: { folders: ['core'], packages: ['zod'] },
  platform: { folders: ['core'], packages: ['node:', 'zod', 'p-limit'] },
  pxp: { folders: ['core', 'contracts', 'platform'], packages: ['node:', 'openpgp', 'yaml'] },
  workflows: {
    folders: ['core'],
    types: ['activities', 'contracts'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  activities: {
    folders: ['core', 'contracts', 'platform', 'pxp', 'adapters'],
    packages: ['node:', '@temporalio/activity', '@temporalio/common'],
  },
  adapters: {
    folders: ['core', 'contracts', 'platform', 'pxp', 'adapters/temporal'],
    files: ['migrations'],
    packages: anyPackage,
    never: ['@temporalio/', 'express'],
  },
  // How to reach the workflow engine, and how payloads are encrypted on the way; clients are made by API and worker.
  'adapters/temporal': {
    folders: ['core'],
    packages: ['node:', 'ipaddr.js', '@temporalio/proto'],
  },
  signer: {
    folders: ['core', 'contracts', 'platform', 'adapters'],
    packages: anyPackage,
    never: ['@temporalio/', 'express'],
  },
  worker: {
    folders: [
      'core',
      'contracts',
      'platform',
      'pxp',
      'adapters',
      'adapters/temporal',
      'activities',
      'workflows',
    ],
    packages: anyPackage,
  },
  api: {
    folders: ['core', 'contracts', 'platform', 'adapters', 'adapters/temporal'],
    files: ['workflows/*/messages'],
    types: ['workflows'],
    packages: anyPackage,
    never: ['@temporalio/worker', '@temporalio/workflow', '@temporalio/activity'],
  },
  sdk: {
    folders: ['core', 'contracts'],
    packages: ['node:', 'undici', 'p-retry', 'eventsource-parser', 'zod'],
  },
  cli: {
    folders: ['sdk', 'pxp', 'platform', 'core', 'contracts'],
    // A new plugin is tried out by the very code that hosts run it by.
    files: ['host/sandbox'],
    packages: anyPackage,
    never: ['@temporalio/', 'knex', 'pg', 'express'],
  },
  host: {
    folders: ['sdk', 'pxp', 'platform', 'core', 'contracts'],
    packages: anyPackage,
    never: ['@temporalio/', 'knex', 'pg'],
  },
  web: {
    folders: ['core', 'contracts'],
    packages: anyPackage,
    never: ['node:', '@temporalio/', 'knex', 'pg', 'express', 'zod'],
  },
  migrations: { folders: [], packages: ['knex'] },
  infra: {
    folders: ['platform', 'core'],
    files: ['contracts/paths'],
    packages: anyPackage,
    never: ['@temporalio/client', 'knex'],
  },
  // Pages that are made from the product's own data, so that they cannot differ from it.
  'infra/docs': {
    folders: ['infra', 'platform', 'core'],
    files: ['adapters/db/*/tables'],
    packages: ['node:', 'prettier'],
  },
  // Attacks on the product's own parts.
  'infra/hostile': { folders: ['infra', 'platform', 'host', 'core'], packages: ['node:', 'esbuild'] },
  // What the npm packages export.
  'infra/npm': {
    folders: ['infra', 'platform', 'sdk', 'host', 'core'],
    types: ['contracts'],
    packages: anyPackage,
  },
  // Soaks use the product as its users do, and look into its databases afterwards.
  'infra/soak': {
    folders: ['infra', 'infra/demo', 'sdk', 'pxp', 'platform', 'core'],
    files: ['contracts/releases/manifest'],
    types: ['contracts'],
    packages: anyPackage,
    never: ['knex'],
  },
  // Real plugins are carried through the product as by their authors.
  'infra/corpus': {
    folders: ['infra', 'infra/demo', 'sdk', 'platform', 'core'],
    types: ['contracts'],
    packages: anyPackage,
    never: ['knex'],
  },
  // The demonstration is a user of the product, and speaks to it as any third party does.
  'infra/demo': { folders: ['infra', 'sdk', 'platform', 'core'], types: ['contracts'], packages: anyPackage },
};
