import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { writeTree } from './writeTree';

/** A registry of npm on this machine, which npm's own clients use while it runs. */
export interface NpmRegistry {
  url: string;
  close(): void;
}

interface Version {
  manifest: { name: string; version: string };
  tarball: Buffer;
}

/** @param packages each with its files, package.json among them; several may be versions of one package */
export async function startNpmRegistry(
  works: string,
  packages: readonly Record<string, string | Buffer>[],
): Promise<NpmRegistry> {
  const versions = packages.map((files, index) => packVersion(path.join(works, String(index)), files));
  const server = createServer((request, response) => {
    const wanted = decodeURIComponent(request.url ?? '').slice(1);
    const tarball = versions.find(({ manifest }) => wanted === tarballName(manifest))?.tarball;
    const body = tarball ?? describePackage(versions, wanted, url);
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body ?? '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const before = process.env.npm_config_registry;
  process.env.npm_config_registry = url;
  return {
    url,
    close: () => {
      server.close();
      if (before === undefined) delete process.env.npm_config_registry;
      else process.env.npm_config_registry = before;
    },
  };
}

function packVersion(folder: string, files: Record<string, string | Buffer>): Version {
  writeTree(path.join(folder, 'package'), files);
  execFileSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder });
  const manifest = JSON.parse(String(files['package.json'])) as Version['manifest'];
  return { manifest, tarball: readFileSync(path.join(folder, 'package.tgz')) };
}

const tarballName = ({ name, version }: Version['manifest']): string => `${name}/-/${version}.tgz`;

function describePackage(versions: readonly Version[], name: string, url: string): string | undefined {
  const own = versions.filter(({ manifest }) => manifest.name === name);
  const latest = own.at(-1)?.manifest.version;
  if (latest === undefined) return undefined;
  const described = own.map(({ manifest, tarball }) => {
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    return [
      manifest.version,
      { ...manifest, dist: { tarball: `${url}/${tarballName(manifest)}`, integrity } },
    ];
  });
  return JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(described) as object });
}
