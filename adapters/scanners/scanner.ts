import { createHash } from 'node:crypto';
import type { ScanFinding } from '../../core/scans/findings';
import type { OpenPackage } from '../../pxp/openPackage';

/** Told the SHA-256 of each text of a package that may be a token of this platform. */
export type OnTokens = (hashes: readonly Buffer[]) => Promise<void>;

/** What every scanner is given: the file of a package, and what is known of it. */
export interface FileInput {
  /** The package file. */
  path: string;
  bytes: number;
  signature: {
    /** Armored public keys that the publisher registered. */
    keys: readonly string[];
    /** When the keys must have been usable. */
    now: Date;
  };
  /** Told the SHA-256 of each text that may be a token of this platform; the text itself goes nowhere. */
  onTokens?: OnTokens;
  /** Aborted when the time of the scanner is over. */
  signal: AbortSignal;
  /** Told the inflated bytes that were looked at so far. */
  onProgress?: (done: number) => void;
}

/** What a scanner of contents is given: a package whose canonical form was proven. */
export interface ScanInput extends FileInput {
  package: OpenPackage;
}

/**
 * One scanner. It streams: nothing holds a package in memory. Findings are its whole say; what it
 * throws makes its verdict inconclusive, never a pass.
 */
export interface Scanner<Input extends FileInput = ScanInput> {
  readonly name: string;
  readonly version: string;
  /** SHA-256 (hex) over the rule data: the same digest means the same rules. */
  readonly rulesDigest: string;
  scan(input: Input): Promise<ScanFinding[]>;
}

/**
 * Thrown by a scanner that did not run at all, for a reason that anybody may read: its verdict is then
 * inconclusive, and the reason is its finding.
 */
export class ScannerNotRun extends Error {
  override readonly name = 'ScannerNotRun';
}

/** The SHA-256 (hex) of rule data, which must be plain JSON. */
export function digestOfRules(rules: unknown): string {
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex');
}
