import { createPackage, type BuiltPackage } from '../../pxp/createPackage';
import { ownFolder } from '../files';
import type { CheckedPlugin } from './precheck';

/** A package that lacks only its signature. */
export interface UnsignedPackage {
  /** The digest list: what the signature covers. */
  integrity: Uint8Array;
  /** Hands the signature over and waits for the finished file. */
  seal(signature: string): Promise<BuiltPackage>;
  /** Takes the draft away again. */
  abandon(reason: unknown): Promise<void>;
}

export type PackProgress = (done: { bytes: number; totalBytes: number }) => void;

/** Where packages of a plugin folder go unless the author says otherwise. */
export const packageFolder = (root: string): Promise<string> => ownFolder(root, 'packages');

/**
 * Packs everything and stops where the signature is needed, so that packing and signing are two
 * stages that succeed, fail and are timed on their own, although one file comes out of them.
 */
export async function packUnsigned(
  checked: CheckedPlugin,
  outputDir: string,
  onProgress?: PackProgress,
): Promise<UnsignedPackage> {
  const signature = deferred<string>();
  const integrity = deferred<Uint8Array>();
  const built = createPackage({
    root: checked.root,
    manifest: checked.manifest,
    outputDir,
    releaseNotes: `${checked.notes.text.trim()}\n`,
    sign: (bytes) => {
      integrity.resolve(bytes);
      return signature.promise;
    },
    ...(onProgress ? { onProgress } : {}),
  });
  built.catch(integrity.reject);
  return {
    integrity: await integrity.promise,
    seal: (text) => {
      signature.resolve(text);
      return built;
    },
    abandon: async (reason) => {
      signature.reject(reason);
      await built.catch(() => undefined);
    },
  };
}

/** Signs the digest list with the profile's key; the package appears, complete, when this is done. */
export async function signPackage(checked: CheckedPlugin, unsigned: UnsignedPackage): Promise<BuiltPackage> {
  try {
    return await unsigned.seal(await checked.signer.sign(unsigned.integrity));
  } catch (error) {
    await unsigned.abandon(error);
    throw error;
  }
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
