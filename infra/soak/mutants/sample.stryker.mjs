import { configure } from './configure.mjs';

/** Activities and adapters, with the packages that their tests build. */
export default configure('sample', {
  sources: ['activities', 'adapters', 'core', 'contracts', 'platform', 'pxp'],
  tests: ['activities', 'adapters', 'pxp'],
});
