import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { signedUrl } from '../adapters/objects/filesystem/signedUrls';
import { repositoryRoot } from '../infra/build/build';
import { reach } from '../test/support/builders/author';
import { startRealStack, type RealStack } from '../test/support/servers/realStack';
import { makeBundle } from './packBundle';
import { peakOf, resetPeak } from './processMemory';
import type { Row } from './result';
import { median, seconds } from './statistics';

const run = promisify(execFile);
const RUNS = 3;
const MB = 1e6;

interface Measured {
  upload: number;
  baseline: number;
  peaks: Record<'cli' | 'api' | 'worker', number>;
}

/**
 * `px-plugin publish` of a bundle that does not deflate, so that its package has 320 MiB, and of
 * 320 MiB of text: the upload against `openssl dgst` and `curl -T` of the same package to the same
 * objects, and the peak memory of command line, API and worker until it is in review.
 */
export async function benchUpload(): Promise<Row[]> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'bench-upload-'));
  const real = await startRealStack({ SPILLWAY_TENANTS: 'acme' });
  try {
    const bundle = makeBundle(scratch, 'random');
    const cli = await commandLine(real, scratch);
    const taken: Measured[] = [];
    for (let round = 1; round <= RUNS; round += 1) taken.push(await measure(real, cli, bundle, round));
    // Text keeps the scanners busy: what they hold counts as well.
    const text: Measured[] = [];
    const prose = makeBundle(scratch, 'one');
    for (let round = 1; round <= RUNS; round += 1) text.push(await measure(real, cli, prose, RUNS + round));
    return rowsOf(taken, text);
  } finally {
    await real.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function rowsOf(random: readonly Measured[], text: readonly Measured[]): Row[] {
  const peak = (name: keyof Measured['peaks']): Row => {
    const bytes = Math.max(...[...random, ...text].map(({ peaks }) => peaks[name]));
    const what = `peak memory of ${name}, MB, publishing 320 MiB`;
    return { what, measured: `${Math.round(bytes / MB)} MB`, baseline: '', value: bytes / MB, bound: 200 };
  };
  return [
    uploading('uploading 320 MiB', random),
    uploading('uploading 320 MiB of text, packed', text),
    peak('cli'),
    peak('api'),
    peak('worker'),
  ];
}

function uploading(what: string, taken: readonly Measured[]): Row {
  const upload = median(taken.map((each) => each.upload));
  const baseline = median(taken.map((each) => each.baseline));
  return {
    what,
    measured: `${upload.toFixed(2)} s`,
    baseline: `${baseline.toFixed(2)} s (openssl dgst && curl -T)`,
    value: median(taken.map((each) => each.upload / each.baseline)),
    bound: 1.5,
  };
}

type CommandLine = (...args: string[]) => Promise<{ peak: number }>;

async function measure(real: RealStack, cli: CommandLine, bundle: string, round: number): Promise<Measured> {
  const pluginId = `com.example.bench.upload${round}`;
  describePlugin(bundle, pluginId);
  const processes = { api: pidOf(real, 'api'), worker: pidOf(real, 'worker') };
  for (const pid of Object.values(processes)) resetPeak(pid);
  const { peak } = await cli('publish', bundle);
  await reach(real.publisher, `${pluginId}@1.0.0`, ['in_review', 'rejected']);
  const file = builtPackage(bundle, pluginId);
  return {
    upload: uploadSeconds(bundle),
    baseline: await seconds(() => digestAndPut(real, file)),
    peaks: { cli: peak, api: peakOf(processes.api) ?? NaN, worker: peakOf(processes.worker) ?? NaN },
  };
}

const pidOf = ({ stack }: RealStack, name: string): number =>
  stack.components.find((each) => each.name === name)!.record.process!.pid;

function describePlugin(root: string, id: string): void {
  const health = { script: 'dist/health.cjs' };
  const manifest = {
    id,
    name: 'Bench',
    version: '1.0.0',
    permissions: [],
    runtime: { entry: 'dist/health.cjs', health },
  };
  const text = JSON.stringify(manifest);
  for (const name of ['manifest.json', 'plugin.yaml']) writeFileSync(path.join(root, name), text);
  writeFileSync(path.join(root, 'dist/health.cjs'), 'process.exitCode = 0;\n');
  writeFileSync(path.join(root, 'CHANGELOG.md'), '# Changelog\n\n## 1.0.0\n\n- First.\n');
}

/** The delivered command line, each time a process of its own, whose memory is watched. */
async function commandLine({ stack }: RealStack, scratch: string): Promise<CommandLine> {
  const { PATH } = process.env;
  const env = {
    PATH,
    PX_MARKETPLACE_API_URL: stack.addresses.api,
    PX_MARKETPLACE_TOKEN: stack.secrets.publisherTokens.publisher,
    PX_SIGNING_HOME: path.join(scratch, 'signing'),
  };
  const cli: CommandLine = (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [path.join(repositoryRoot, 'cli/bin.cjs'), ...args], { env });
      let [said, peak] = ['', 0];
      const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid ?? 0) ?? 0)), 20);
      child.stderr.on('data', (text: Buffer) => (said += text.toString()));
      child.stdout.resume();
      child.once('close', (status) => {
        clearInterval(watch);
        if (status === 0) resolve({ peak });
        else reject(new Error(`px-plugin ${args.join(' ')} ended with ${status}\n${said}`));
      });
    });
  mkdirSync(env.PX_SIGNING_HOME, { recursive: true });
  await cli('keys', 'create', '--name', 'Bench', '--email', 'bench@example.com');
  await cli('keys', 'register');
  return cli;
}

const logLine = z.object({
  stages: z.array(z.object({ stage: z.string(), ms: z.number() })).optional(),
});

/** How long the last publish's stage `upload` took, from submitting to the finalised upload. */
function uploadSeconds(bundle: string): number {
  const lines = readFileSync(path.join(bundle, '.px-plugin/publish.log'), 'utf8').trim().split('\n');
  const { stages = [] } = logLine.parse(JSON.parse(lines.at(-1) ?? '{}'));
  return (stages.find(({ stage }) => stage === 'upload')?.ms ?? NaN) / 1000;
}

function builtPackage(bundle: string, pluginId: string): string {
  const files = readdirSync(bundle, { recursive: true, encoding: 'utf8' });
  return path.join(bundle, files.find((name) => name.endsWith('.pxp') && name.includes(pluginId)) ?? '');
}

/** What one would type: the digest of the file, then one request that carries all of it. */
async function digestAndPut({ stack }: RealStack, file: string): Promise<void> {
  const { stdout } = await run('openssl', ['dgst', '-sha256', '-r', file]);
  const [sha256 = ''] = stdout.split(' ');
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const key = `bench/${sha256.slice(0, 16)}`;
  const grant = { method: 'PUT' as const, key, expires, bytes: statSync(file).size, sha256 };
  const url = signedUrl(stack.addresses.objects ?? '', stack.secrets.objectsSecret, grant);
  await run('curl', ['--silent', '--show-error', '--fail', '--upload-file', file, url]);
}
