import { remainingCases } from './support/cases';
import { testFaults } from './support/matrix';

testFaults(remainingCases);
