import { createFilesystemStore, type FilesystemStoreConfig } from './filesystem/store';
import { createGcsStore, type GcsStoreConfig } from './gcs/store';
import type { ObjectStore } from './objectStore';

export type StoreConfig = FilesystemStoreConfig | GcsStoreConfig;

/** The object store that the configuration names. */
export function createObjectStore(config: StoreConfig): ObjectStore {
  return config.driver === 'gcs' ? createGcsStore(config) : createFilesystemStore(config);
}
