import { sampleCases } from './support/cases';
import { testFaults } from './support/matrix';

testFaults(sampleCases);
