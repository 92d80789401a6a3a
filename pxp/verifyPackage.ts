import { hash as hashBytes } from 'node:crypto';
import type { Manifest } from '../contracts/releases/manifest';
import { Refusal, problem, refuseIfAny, type Problem } from '../core/errors/errors';
import { digestEntries, type DigestedFile, type OnProgress } from './digestEntries';
import { calculateChecksum, getFileSize } from '../platform/files/read';
import { INTEGRITY, SIGNATURE, isSealed } from './format';
import { compareDigests, parseIntegrity } from './integrity';
import { openPackage, type OpenPackage } from './openPackage';
import { checkPluginYaml, readManifest } from './packageManifest';
import { forReading } from './problems';
import { verifyDetached, type Signer } from './verifySignature';

/** What the caller trusts and expects. */
export interface VerifyOptions {
  /** Armored public keys, any of which may have signed. */
  keys: readonly string[];
  /** What was announced for the file as a whole; digest in lower-case hex. */
  expect?: { sha256: string; bytes: number };
  /** When keys must be usable; now by default. */
  now?: Date;
  /** By how much the clock of whoever signed may be ahead, in milliseconds; not at all by default. */
  laterMs?: number;
  onProgress?: OnProgress;
}

declare const verified: unique symbol;

/** The proof that a package was checked: only `verifyPackage` makes one, and unpacking demands one. */
export interface VerifiedPackage {
  readonly [verified]: true;
  readonly manifest: Manifest;
  /** SHA-256 of `integrity.txt`: the digest that is signed and that names the content. */
  readonly manifestDigest: string;
  readonly signer: Signer;
  /** Every entry, the seal included. */
  readonly files: readonly DigestedFile[];
}

/**
 * Verifies announced digest, form, signature, file digests and manifest, and tells everything that is
 * wrong at once. Content is read only after the form was proven.
 *
 * @throws Refusal with PACKAGE_DIGEST, PACKAGE_FORM, PACKAGE_TOO_LARGE, SIGNATURE_REQUIRED,
 *   SIGNATURE_INVALID, SIGNATURE_UNKNOWN_KEY, SIGNATURE_KEY_EXPIRED, SIGNATURE_KEY_REVOKED,
 *   INTEGRITY_MISMATCH, INTEGRITY_MISSING, INTEGRITY_EXTRA, MANIFEST_INVALID, PLUGIN_YAML_INVALID,
 *   PRECHECK_MANIFEST_MISMATCH
 */
export async function verifyPackage(
  target: string | OpenPackage,
  options: VerifyOptions,
): Promise<VerifiedPackage> {
  if (typeof target !== 'string')
    return await verifyOpen(target, options, await checkAnnounced(target.path, options));
  const announced = await checkAnnounced(target, options);
  const opened = await openPackage(target).catch((error: unknown) => {
    throw withProblems(announced, error);
  });
  try {
    return await verifyOpen(opened, options, announced);
  } finally {
    await opened.close();
  }
}

/** A Refusal that tells earlier problems too; other errors pass as they are. */
const withProblems = (earlier: readonly Problem[], error: unknown): unknown =>
  error instanceof Refusal ? new Refusal([...earlier, ...error.problems], { cause: error.cause }) : error;

async function checkAnnounced(path: string, { expect }: VerifyOptions): Promise<Problem[]> {
  if (!expect) return [];
  const bytes = await getFileSize(path);
  if (bytes !== expect.bytes) {
    return [problem('PACKAGE_DIGEST', `The package has ${bytes} bytes; ${expect.bytes} were announced.`)];
  }
  const sha256 = await calculateChecksum(path);
  if (sha256 === expect.sha256) return [];
  return [
    problem('PACKAGE_DIGEST', `The package has the SHA-256 ${sha256}; ${expect.sha256} was announced.`),
  ];
}

async function verifyOpen(
  opened: OpenPackage,
  options: VerifyOptions,
  announced: Problem[],
): Promise<VerifiedPackage> {
  const problems = [...announced];
  const collect = (error: unknown): undefined => {
    if (!(error instanceof Refusal)) throw error;
    problems.push(...error.problems);
  };
  const integrity = await readIntegrity(opened).catch(collect);
  const signer = await verifySigner(opened, integrity, options).catch(collect);
  const manifest = await readManifest(opened).catch(collect);
  if (manifest) await checkPluginYaml(opened, manifest).catch(collect);
  const { files, problems: unreadable } = await digestEntries(opened, options.onProgress);
  const listed = integrity ? compareWithList(integrity, opened, files) : [];
  refuseIfAny(forReading([...problems, ...unreadable, ...listed]));
  if (!integrity || !signer || !manifest)
    throw new TypeError('A part that is absent must have been a problem.');
  const manifestDigest = hashBytes('sha256', integrity);
  return { manifest, signer, files, manifestDigest } as Omit<
    VerifiedPackage,
    typeof verified
  > as VerifiedPackage;
}

async function readIntegrity(opened: OpenPackage): Promise<Buffer> {
  if (opened.has(INTEGRITY)) return await opened.readBytes(INTEGRITY, opened.limits.maxIntegrityBytes);
  throw new Refusal([problem('INTEGRITY_MISSING', `The package has no ${INTEGRITY}.`, INTEGRITY)]);
}

async function verifySigner(
  opened: OpenPackage,
  integrity: Buffer | undefined,
  options: VerifyOptions,
): Promise<Signer | undefined> {
  if (!opened.has(SIGNATURE)) {
    throw new Refusal([problem('SIGNATURE_REQUIRED', `The package has no ${SIGNATURE}.`, SIGNATURE)]);
  }
  const signature = await opened.readText(SIGNATURE, opened.limits.maxSignatureBytes);
  // Without the list there is nothing that could be signed; its absence is told already.
  return (
    integrity && (await verifyDetached(integrity, signature, options.keys, options.now, options.laterMs))
  );
}

/** Compares the list with the files that could be read; the others are named already. */
function compareWithList(integrity: Buffer, opened: OpenPackage, files: readonly DigestedFile[]): Problem[] {
  const { digests, problems } = parseIntegrity(integrity.toString('utf8'));
  const actual = new Map(files.map((file) => [file.path, file.sha256]));
  const unread = new Set(opened.entries.map((entry) => entry.path).filter((path) => !actual.has(path)));
  const listed = new Map([...digests].filter(([path]) => !unread.has(path)));
  return [...problems, ...compareDigests(listed, new Map([...actual].filter(([path]) => isSealed(path))))];
}
