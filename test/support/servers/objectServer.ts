import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { createFilesystemStore, type FilesystemStore } from '../../../adapters/objects/filesystem/store';
import { createObjectsApp } from '../../../api/objects/app';

/** A filesystem store in a temporary folder, behind its real HTTP server on a free port. */
export interface ObjectServer {
  objects: FilesystemStore;
  dir: string;
  secret: string;
  url: string;
  /** Everything that the server logged. */
  log(): string;
  /** Moves the server's clock. */
  setNow(now: Date): void;
  close(): Promise<void>;
}

export async function openObjectServer(): Promise<ObjectServer> {
  // A dot in the path, as in `.spillway/`: serving files from such a folder must work.
  const dir = await mkdtemp(path.join(tmpdir(), '.spillway-store-'));
  const secret = randomBytes(32).toString('hex');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const objects = createFilesystemStore({ dir, publicUrl: url, secret });
  const lines: string[] = [];
  let now: Date | undefined;
  const sink = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
  const logger = pino({ level: 'debug' }, sink);
  server.on('request', createObjectsApp({ objects, secret, now: () => now ?? new Date(), logger }));
  return {
    objects,
    dir,
    secret,
    url,
    log: () => lines.join(''),
    setNow: (moment) => (now = moment),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
