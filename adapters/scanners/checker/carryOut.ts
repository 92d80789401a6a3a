import { getErrorCode } from '../../../core/errors/thrown';
import { Refusal } from '../../../core/errors/errors';
import { openPackage } from '../../../pxp/openPackage';
import { verifyPackage } from '../../../pxp/verifyPackage';
import { runScanner } from '../run';
import type { OnTokens, Scanner } from '../scanner';
import { MAX_TOKEN_HASHES, type CheckAnswer, type CheckJob } from './protocol';

/** No scanner in a checker ends itself: whoever asked ends the process. */
const NEVER_MS = 2 ** 31 - 1;

/** Carries out one check in this process. Whatever the package makes it throw becomes an answer. */
export async function carryOut(job: CheckJob, scanners: readonly Scanner[]): Promise<CheckAnswer> {
  try {
    return await (job.kind === 'verify' ? verify(job) : scan(job, scanners));
  } catch (error) {
    return toAnswer(error);
  }
}

async function verify({ file, sha256 }: Extract<CheckJob, { kind: 'verify' }>): Promise<CheckAnswer> {
  const { path, bytes, keys, now } = file;
  const verified = await verifyPackage(path, { keys, expect: { sha256, bytes }, now: new Date(now) });
  const { manifest, manifestDigest, signer, files } = verified;
  const { fingerprint } = signer;
  return { kind: 'verified', verified: { manifest, manifestDigest, fingerprint, files: files.length } };
}

async function scan(
  { file, policy }: Extract<CheckJob, { kind: 'scan' }>,
  scanners: readonly Scanner[],
): Promise<CheckAnswer> {
  const scanner = scanners.find(({ name }) => name === policy.name);
  if (!scanner) return { kind: 'failed', reason: `no scanner ${policy.name}` };
  const { path, bytes, keys } = file;
  const opened = await openPackage(path);
  try {
    let exhausted: RangeError | undefined;
    const noting: Scanner = {
      ...scanner,
      scan: (input) =>
        scanner.scan(input).catch((error: unknown) => {
          if (error instanceof RangeError) exhausted = error;
          throw error;
        }),
    };
    let hashes: readonly Buffer[] = [];
    const onTokens: OnTokens = (found) => {
      hashes = found;
      return Promise.resolve();
    };
    const signature = { keys, now: new Date(file.now) };
    const input = { package: opened, path, bytes, signature, onTokens };
    const report = await runScanner(noting, { policy, input, timeoutMs: NEVER_MS, now: () => new Date() });
    if (exhausted) throw exhausted;
    const tokenHashes = hashes.slice(0, MAX_TOKEN_HASHES).map((hash) => hash.toString('hex'));
    return { kind: 'report', report, tokenHashes };
  } finally {
    await opened.close();
  }
}

/** A RangeError is what a buffer, a string or the stack meets that has no room. */
function toAnswer(error: unknown): CheckAnswer {
  if (error instanceof Refusal) return { kind: 'refused', problems: [...error.problems] };
  if (error instanceof RangeError) return { kind: 'exhausted' };
  const kind = error instanceof Error ? error.name : typeof error;
  return { kind: 'failed', reason: getErrorCode(error) ?? kind };
}
