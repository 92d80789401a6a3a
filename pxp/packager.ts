import { createPackage, type PackageSource } from './createPackage';
import { calculateChecksum, getFileSize } from '../platform/files/read';

/** A package as the update API wants it: size in bytes, checksum as SHA-256 in lower-case hex. */
export interface UpdatePackage {
  path: string;
  size: number;
  checksum: string;
}

/** Packs one plugin folder to wherever it is told. */
export interface PluginPackager {
  /** @returns the path of the finished package */
  createPackage(outputPath: string): Promise<string>;
  createUpdatePackage(outputPath: string): Promise<UpdatePackage>;
}

/** A packager for one source; signing is an argument, so no key has to be on this machine. */
export function createPluginPackager(source: PackageSource): PluginPackager {
  const pack = async (outputPath: string): Promise<string> =>
    (await createPackage({ ...source, outputPath })).path;
  return {
    createPackage: pack,
    createUpdatePackage: async (outputPath) => describePackage(await pack(outputPath)),
  };
}

/** Measures a package that is there already. */
export async function describePackage(path: string): Promise<UpdatePackage> {
  const [size, checksum] = await Promise.all([getFileSize(path), calculateChecksum(path)]);
  return { path, size, checksum };
}
