import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../../platform/processes/run';

const root = path.resolve(__dirname, '../../..');

/** The strictest policy that the product's pages have to live with: nothing inline, nothing from elsewhere. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'";

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Builds web/ into a folder of its own: a test never reads or changes what a running stack serves. */
export async function buildPages(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spillway-web-'));
  const vite = path.join(path.dirname(createRequire(__filename).resolve('vite/package.json')), 'bin/vite.js');
  const flags = ['build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'];
  // Jest's NODE_ENV would bundle React's development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, ...flags], { cwd: path.join(root, 'web'), env });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A file of the build, or its index.html where there is none: the pages' own addresses. */
export async function serveFile(folder: string, pathname: string, reply: ServerResponse): Promise<void> {
  const wanted = path.extname(pathname) in types ? pathname : '/index.html';
  const bytes = await readFile(path.join(folder, path.normalize(wanted))).catch(() => undefined);
  reply.writeHead(bytes ? 200 : 404, {
    'Content-Type': types[path.extname(wanted)] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
  });
  reply.end(bytes);
}
