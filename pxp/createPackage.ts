import { randomBytes, hash as hashBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { problem, refuseIfAny } from '../core/errors/errors';
import { createArchive } from './archiveWriter';
import { canonicalJson } from '../core/canonicalJson';
import { checkFolders } from './formEntries';
import { collectFiles, generatedFile, type SourceFile } from './collect';
import { syncFolder, writeDurably } from '../platform/files/durable';
import {
  DEFAULT_LIMITS,
  INTEGRITY,
  MANIFEST,
  RELEASE_NOTES,
  SIGNATURE,
  compareEntryPaths,
  integrityPath,
  packageFileName,
  signaturePath,
  type Platform,
} from './format';
import { formatIntegrity } from './integrity';
import { planUpload, type UploadPlan } from './uploadParts';

/** What a package is made from. */
export interface PackageSource {
  /** The plugin folder. */
  root: string;
  /** The validated manifest; it is packed in a canonical spelling, whatever the file looks like. */
  manifest: { id: string; version: string };
  /** Signs the bytes of `integrity.txt`: an armored detached OpenPGP signature. */
  sign: (bytes: Uint8Array) => Promise<string>;
  /** Becomes docs/release-notes.md, in place of a file of that name. */
  releaseNotes?: string;
  platform?: Platform;
  /** Told as files are packed; bytes are inflated ones. */
  onProgress?: (progress: { bytes: number; totalBytes: number }) => void;
}

export type PackageOptions = PackageSource & ({ outputPath: string } | { outputDir: string });

/** A finished package. Digests are lower-case hex; `manifestDigest` is that of `integrity.txt`. */
export interface BuiltPackage {
  path: string;
  bytes: number;
  sha256: string;
  manifestDigest: string;
  signaturePath: string;
  integrityPath: string;
  fileCount: number;
  uncompressedBytes: number;
  /** The parts to upload, digested in the same pass as the whole. */
  upload: UploadPlan;
}

/**
 * Packs and signs a plugin folder, streamed. The package and the two files beside it appear by rename,
 * complete and on disk, or not at all; an older package of that name is replaced.
 *
 * @throws Refusal with PACKAGE_SYMLINK, PACKAGE_PATH, DIST_EMPTY, PACKAGE_TOO_LARGE or
 *   PACKAGE_SOURCE_CHANGED; whatever `sign` throws
 */
export async function createPackage(options: PackageOptions): Promise<BuiltPackage> {
  const target = makeTargetPath(options);
  await mkdir(path.dirname(target), { recursive: true });
  const files = describeContents(options);
  const draft = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  const drafts = { package: draft, integrity: integrityPath(draft), signature: signaturePath(draft) };
  try {
    const seal = await writeDraft(draft, files, options);
    await writeDurably(drafts.integrity, seal.integrity);
    await writeDurably(drafts.signature, seal.signature);
    const upload = await planUpload(draft);
    await rename(drafts.integrity, integrityPath(target));
    await rename(drafts.signature, signaturePath(target));
    await rename(draft, target);
    await syncFolder(path.dirname(target));
    return built(target, files, seal.integrity, upload);
  } finally {
    await Promise.all(Object.values(drafts).map((each) => rm(each, { force: true })));
  }
}

const makeTargetPath = (options: PackageOptions): string =>
  'outputPath' in options
    ? options.outputPath
    : path.join(options.outputDir, packageFileName(options.manifest, options.platform));

/** Everything that goes before the seal, in the order of the package, within the reader's limits. */
function describeContents({ root, manifest, releaseNotes }: PackageSource): SourceFile[] {
  const generated = [generatedFile(MANIFEST, canonicalJson(manifest))];
  if (releaseNotes !== undefined) generated.push(generatedFile(RELEASE_NOTES, releaseNotes));
  const replaced = new Set(generated.map((file) => file.path));
  const collected = collectFiles(root).filter((file) => !replaced.has(file.path));
  const files = [...generated, ...collected].sort((a, b) => compareEntryPaths(a.path, b.path));
  checkLimits(files);
  return files;
}

function checkLimits(files: readonly SourceFile[]): void {
  const { maxEntries, maxTotalBytes, maxNamesBytes } = DEFAULT_LIMITS;
  const total = totalBytes(files);
  const paths = files.map((file) => file.path);
  const names = paths.reduce(
    (sum, path) => sum + Buffer.byteLength(path),
    INTEGRITY.length + SIGNATURE.length,
  );
  // Two entries are still to come: the seal.
  const tooMany = `There are ${files.length} files to pack; ${maxEntries - 2} are allowed.`;
  const tooLarge = `The files have ${total} bytes together; ${maxTotalBytes} are allowed.`;
  const tooLong = `The names of the files have ${names} bytes together; ${maxNamesBytes} are allowed.`;
  refuseIfAny([
    ...(files.length + 2 > maxEntries ? [problem('PACKAGE_TOO_LARGE', tooMany)] : []),
    ...(total > maxTotalBytes ? [problem('PACKAGE_TOO_LARGE', tooLarge)] : []),
    ...(names > maxNamesBytes ? [problem('PACKAGE_TOO_LARGE', tooLong)] : []),
    ...checkFolders(paths, DEFAULT_LIMITS),
  ]);
}

const totalBytes = (files: readonly SourceFile[]): number => files.reduce((sum, file) => sum + file.bytes, 0);

/** Writes the archive; the seal comes last, because it is made of the digests of all the rest. */
async function writeDraft(
  draft: string,
  files: readonly SourceFile[],
  { sign, onProgress }: PackageSource,
): Promise<{ integrity: string; signature: string }> {
  const archive = await createArchive(draft);
  const total = totalBytes(files);
  let done = 0;
  try {
    const digests = await archive.add(files, (bytes) =>
      onProgress?.({ bytes: (done += bytes), totalBytes: total }),
    );
    const integrity = formatIntegrity(digests);
    const signature = await sign(Buffer.from(integrity));
    await archive.add([generatedFile(INTEGRITY, integrity), generatedFile(SIGNATURE, signature)]);
    await archive.finish();
    return { integrity, signature };
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

const built = (
  target: string,
  files: readonly SourceFile[],
  integrity: string,
  upload: UploadPlan,
): BuiltPackage => ({
  path: target,
  bytes: upload.bytes,
  sha256: upload.sha256,
  manifestDigest: hashBytes('sha256', integrity),
  signaturePath: signaturePath(target),
  integrityPath: integrityPath(target),
  fileCount: files.length + 2,
  uncompressedBytes: totalBytes(files),
  upload,
});
