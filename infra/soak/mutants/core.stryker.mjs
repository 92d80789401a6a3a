import { configure } from './configure.mjs';

/** Rules are proved by the tests of core/, and by those of the contracts that hand them their input. */
export default configure('core', { sources: ['core', 'contracts'], tests: ['core', 'contracts'] });
