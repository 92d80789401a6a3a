import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ensureTool, lookForTool } from '../../infra/tools/ensureTool';
import { toolFolder } from '../../infra/tools/toolCache';
import { platformName, type Tool, type ToolContext, type Way } from '../../infra/tools/tool';
import { fetchVerified } from '../../infra/tools/ways/download';

let folder: string;
let context: ToolContext;
const said: string[] = [];
const say = (text: string): void => void said.push(text);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-tools-'));
  await mkdir(path.join(folder, 'bin'));
  said.length = 0;
  context = {
    env: { PATH: path.join(folder, 'bin') },
    platform: 'linux-amd64',
    cacheDir: path.join(folder, 'cache'),
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(file: string): Promise<string> {
  await writeFile(file, '#!/bin/sh\necho 1.2.3\n');
  await chmod(file, 0o755);
  return file;
}

function way(title: string, change: Partial<Way> = {}): Way {
  return {
    title,
    takes: 'a moment',
    closedBecause: async () => undefined,
    install: async (target) => path.basename(await program(path.join(target, 'server'))),
    ...change,
  };
}

const failing = (title: string): Way =>
  way(title, { install: () => Promise.reject(new Error(`${title} is out of reach`)) });

function tool(ways: Way[], change: Partial<Tool> = {}): Tool {
  return {
    name: 'server',
    title: 'Server',
    version: '1.2.3',
    setting: 'SPILLWAY_SERVER',
    commands: ['server'],
    places: [],
    versionAt: async () => '1.2.3',
    ways,
    ...change,
  };
}

test('a tool given by a setting is taken before the one on the PATH', async () => {
  await program(path.join(folder, 'bin', 'server'));
  context.env.SPILLWAY_SERVER = await program(path.join(folder, 'mine'));
  const found = await ensureTool(tool([]), context, say);
  expect(found).toEqual({
    path: path.join(folder, 'mine'),
    version: '1.2.3',
    origin: 'setting SPILLWAY_SERVER',
  });
});

test('a setting that names no program is an error, not a reason to look elsewhere', async () => {
  await program(path.join(folder, 'bin', 'server'));
  context.env.SPILLWAY_SERVER = path.join(folder, 'missing');
  await expect(ensureTool(tool([way('a build')]), context, say)).rejects.toThrow(
    'SPILLWAY_SERVER names no program',
  );
});

test('a tool on the PATH that is too old is passed over', async () => {
  await program(path.join(folder, 'bin', 'server'));
  const old = tool([way('a build')], { versionAt: async () => undefined });
  expect((await ensureTool(old, context, say)).origin).toBe('a build');
});

test('ways are tried in order until one works, and what each takes is said before', async () => {
  const closed = way('a download', { closedBecause: async () => 'no checksum is pinned for this machine' });
  const found = await ensureTool(tool([closed, failing('a mirror'), way('a build')]), context, say);
  expect(found).toMatchObject({ version: '1.2.3', origin: 'a build' });
  expect(said).toEqual([
    'not by a download: no checksum is pinned for this machine',
    'a mirror, a moment',
    'not by a mirror: a mirror is out of reach',
    'a build, a moment',
  ]);
});

test('a second run finds the tool in the cache and installs nothing', async () => {
  await ensureTool(tool([way('a build')]), context, say);
  const found = await ensureTool(tool([failing('a build')]), context, say);
  expect(found.origin).toBe('cache (a build)');
  expect(found.path.startsWith(context.cacheDir)).toBe(true);
});

test('when no way works, the message names every way, its reason and the setting', async () => {
  const promise = ensureTool(tool([failing('a download'), failing('a build')]), context, say);
  await expect(promise).rejects.toThrow(
    /a download is out of reach[\s\S]*a build is out of reach[\s\S]*set SPILLWAY_SERVER/,
  );
  expect(await lookForTool(tool([]), context)).toBeUndefined();
});

test('two runs at once install a tool once', async () => {
  let installs = 0;
  const slow = way('a build', {
    install: async (target) => {
      installs++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return path.basename(await program(path.join(target, 'server')));
    },
  });
  const found = await Promise.all([1, 2].map(() => ensureTool(tool([slow]), context, say)));
  expect(installs).toBe(1);
  expect(found[0]?.path).toBe(found[1]?.path);
});

test('an installation that fails half-way leaves neither a tool nor its files', async () => {
  const half = way('a build', {
    install: async (target) => {
      await program(path.join(target, 'server'));
      throw new Error('the disk is full');
    },
  });
  await expect(ensureTool(tool([half]), context, say)).rejects.toThrow('the disk is full');
  expect(await readdir(path.dirname(toolFolder(tool([]), context)))).toEqual([]);
});

test('what a killed installation left is swept away by the next one', async () => {
  const left = `${toolFolder(tool([]), context)}.0badcafe.part`;
  await mkdir(left, { recursive: true });
  await ensureTool(tool([way('a build')]), context, say);
  expect(await readdir(path.dirname(left))).toEqual([path.basename(toolFolder(tool([]), context))]);
});

test("machines are named in the vendors' words", () => {
  expect(platformName('linux', 'x64')).toBe('linux-amd64');
  expect(platformName('darwin', 'arm64')).toBe('darwin-arm64');
});

describe('a download', () => {
  const bytes = Buffer.from('a server, packed');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/file' }).end();
      else if (request.url === '/file') response.end(bytes);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('is taken when its bytes have the pinned checksum, also behind a redirect', async () => {
    const file = path.join(folder, 'archive');
    await fetchVerified({ url: `${url}/moved`, sha256 }, file);
    expect(await readFile(file)).toEqual(bytes);
  });

  test('is refused when its bytes are others than pinned', async () => {
    const other = createHash('sha256').update('other').digest('hex');
    const promise = fetchVerified({ url: `${url}/file`, sha256: other }, path.join(folder, 'archive'));
    await expect(promise).rejects.toThrow(`pinned is ${other}`);
  });

  test('that the vendor does not have says so', async () => {
    const promise = fetchVerified({ url: `${url}/gone`, sha256 }, path.join(folder, 'archive'));
    await expect(promise).rejects.toThrow('answered 404');
  });
});
