import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Storage } from '@google-cloud/storage';
import { createObjectStore } from '../../../adapters/objects/create';
import type { ObjectStore } from '../../../adapters/objects/objectStore';
import { openObjectServer } from './objectServer';

/** An object store of a driver, for the tests of what all drivers do. */
export interface Subject {
  objects: ObjectStore;
  close(): Promise<void>;
}

export async function filesystemSubject(): Promise<Subject> {
  const server = await openObjectServer();
  return { objects: server.objects, close: server.close };
}

/** A bucket of its own in the emulator; signing needs a key, though the emulator checks none. */
export async function gcsSubject(): Promise<Subject> {
  const apiEndpoint = process.env.SPILLWAY_TEST_GCS_URL;
  if (!apiEndpoint) throw new Error('SPILLWAY_TEST_GCS_URL names no emulator of Cloud Storage.');
  const bucket = `contract-${randomBytes(6).toString('hex')}`;
  await new Storage({ apiEndpoint, projectId: 'test' }).createBucket(bucket);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const credentials = {
    client_email: 'signer@test.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const objects = await createObjectStore({ driver: 'gcs', bucket, apiEndpoint, credentials });
  return { objects, close: async () => undefined };
}
