const path = require('node:path');
const { projects, testTimeout } = require('../../../jest.config.cjs');

/**
 * The unit tests of what is mutated, not as one of several projects: Stryker replaces their environment with
 * its own. Tests that start processes do not run its instrumented code, so they are left out.
 */
const { displayName: _name, ...unit } = projects.find(({ displayName }) => displayName === 'unit');
module.exports = {
  ...unit,
  testTimeout,
  testMatch: ['<rootDir>/test/{core,contracts,activities,adapters,pxp}/**/*.unit.ts'],
  rootDir: path.resolve(__dirname, '../../..'),
};
