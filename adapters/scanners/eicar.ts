import type { ScanFinding } from '../../core/scans/findings';
import { contentOf, eachEntry } from './entries';
import { digestOfRules, type ScanInput, type Scanner } from './scanner';

/**
 * The EICAR test string, kept in two halves: a whole one in this file would make the virus scanners
 * of the people who clone the repository cry.
 */
const HALVES = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'];
const TEST_STRING = Buffer.from(HALVES.join(''), 'latin1');

/** Finds the EICAR test string anywhere inside any file, also across the borders of chunks. */
export function eicarScanner(): Scanner {
  return {
    name: 'eicar',
    version: '1.0.0',
    rulesDigest: digestOfRules({ string: HALVES, where: 'anywhere in any entry' }),
    async scan(input) {
      const findings: ScanFinding[] = [];
      await eachEntry(input, async ({ path }) => {
        if (await holds(input, path)) findings.push(finding(path));
      });
      return findings;
    },
  };
}

async function holds(input: ScanInput, path: string): Promise<boolean> {
  // The end of a chunk is kept, one byte short of a match, so that no match can hide on a border.
  let tail = Buffer.alloc(0);
  for await (const chunk of contentOf(input, path)) {
    const seen = Buffer.concat([tail, chunk]);
    if (seen.includes(TEST_STRING)) return true;
    tail = Buffer.from(seen.subarray(Math.max(0, seen.length - TEST_STRING.length + 1)));
  }
  return false;
}

const finding = (path: string): ScanFinding => ({
  rule: 'eicar-test-string',
  severity: 'critical',
  path,
  detail: 'The file holds the EICAR antivirus test string.',
});
