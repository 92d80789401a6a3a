import { createFilesystemStore, type FilesystemStoreConfig } from './filesystem/store';
import type { GcsStoreConfig } from './gcs/store';
import type { ObjectStore } from './objectStore';

export type ObjectStoreConfig = FilesystemStoreConfig | GcsStoreConfig;

/**
 * The object store that the configuration names. The vendor's library is loaded only where it is
 * used: it would cost every other process more than 20 MB.
 */
export async function createObjectStore(config: ObjectStoreConfig): Promise<ObjectStore> {
  if (config.driver !== 'gcs') return createFilesystemStore(config);
  const { createGcsStore } = await import('./gcs/store.js');
  return createGcsStore(config);
}
