const path = require('node:path');
const { projects, testTimeout } = require('../../../jest.config.cjs');

/**
 * Unit tests, not as one of several projects: Stryker replaces their environment with its own. Which of them
 * are run is said by Stryker's configuration. Tests that start processes do not run its instrumented code.
 */
const {
  displayName: _name,
  testMatch: _match,
  ...unit
} = projects.find(({ displayName }) => displayName === 'unit');
module.exports = { ...unit, testTimeout, rootDir: path.resolve(__dirname, '../../..') };
