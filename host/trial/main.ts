import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { refusal, type ErrorCode } from '../../core/errors/errors';
import { findTrouble } from '../../core/rollouts/failureKinds';
import { describePublicKey } from '../../pxp/signing';
import { removeTree } from '../../platform/files/durable';
import { HOST_VERSION } from '../hostVersion';
import { classifyFailure } from '../install/classifyFailure';
import type { Failure, Job } from '../disk/jobRecord';
import type { InstallServices } from '../install/installation';
import { trialPhases } from '../install/phases';
import { runInstall } from '../install/run';
import { openJournal } from '../disk/journal';
import { hostLayout } from '../disk/layout';
import { createClock } from '../marketplace/clock';
import type { PublisherKey } from '../marketplace/marketplace';
import { createHealthRunner } from '../sandbox/health';
import { describeContainment, toContainmentView } from '../sandbox/describe';
import { detectSandbox, type Detection } from '../sandbox/detect';

/** One line of JSON on standard output. */
interface Verdict {
  healthy: boolean;
  phases: { name: string; ms: number }[];
  errorCode?: string;
  detail?: string;
  /** The driver that ran the health check. */
  sandbox?: string;
}

/** Printed in a verdict's place where code that nobody reviewed must not run. */
interface NotRun {
  notRun: { sandbox: string; reason: string };
}

interface TrialOptions {
  package: string;
  keys: string;
  data: string;
  /** The caller has seen the sandbox's probe pass on this machine. */
  isProven: boolean;
}

/** @returns undefined when only the sandbox is asked for */
function readOptions(args: string[]): TrialOptions | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { package: text, keys: text, data: text, detect: flag, proven: flag } as const;
  const { package: file, keys, data, detect, proven = false } = parseArgs({ args, options }).values;
  if (detect) return undefined;
  if (file && keys && data) return { package: file, keys, data, isProven: proven };
  throw refusal(
    'USAGE',
    'The trial needs --package <file>, --keys <folder> and --data <folder>, or --detect.',
  );
}

async function readKeys(folder: string): Promise<PublisherKey[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.asc')).sort();
  const armored = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return await Promise.all(
    armored.map(async (text) => ({
      armored: text,
      fingerprint: (await describePublicKey(text)).fingerprint,
      expiresAt: null,
      revokedAt: null,
      revokedReason: null,
    })),
  );
}

/** The services of a throwaway host: it trusts the given keys and has no network. */
async function servicesIn(folder: string, keys: string, { sandbox }: Detection): Promise<InstallServices> {
  const trusted = { publisherId: 'trial', keys: await readKeys(keys) };
  return {
    layout: hostLayout(folder),
    hostVersion: HOST_VERSION,
    minFreeBytes: 0,
    now: () => new Date(),
    download: () => Promise.reject(refusal('INSTALL_SOURCE_REFUSED', 'A trial downloads nothing.')),
    trustedKeys: () => Promise.resolve(trusted),
    trust: () => Promise.resolve(),
    runHealth: createHealthRunner(sandbox, { isKept: false }),
    isWithdrawn: () => false,
    endorsedKeys: () => undefined,
    clock: createClock(),
  };
}

/**
 * Installs a package as a host would, into a folder that is thrown away: the same phases but for the
 * download, so that what passes here passes there.
 */
async function tryPackage(options: TrialOptions, containment: Detection): Promise<Verdict> {
  await mkdir(options.data, { recursive: true });
  const folder = await mkdtemp(path.join(options.data, 'trial-'));
  const phases: Verdict['phases'] = [];
  try {
    const services = await servicesIn(folder, options.keys, containment);
    const job: Job = {
      jobId: randomUUID(),
      kind: 'install',
      source: { by: 'file', url: options.package },
      stage: 0,
      force: false,
      requestedAt: services.now().toISOString(),
    };
    const installation = {
      job,
      services,
      workspace: services.layout.workspace(job.jobId),
      journal: openJournal(services.layout, job.jobId, services.now),
      signal: new AbortController().signal,
      claim: () => undefined,
      packagePath: path.resolve(options.package),
    };
    const end = await runInstall(installation, trialPhases, (name, ms) => phases.push({ name, ms }));
    const verdict = end.outcome === 'success' ? { healthy: true, phases } : failed(phases, end.failure);
    return { ...verdict, sandbox: containment.sandbox.driver };
  } finally {
    await removeTree(folder);
  }
}

/** The trial failed for a reason that says nothing about the plugin. */
class NoVerdict extends Error {
  override readonly name = 'NoVerdict';
}

/** What this machine meets says nothing about the plugin; which hosts it works with is the plugin's own word. */
const isOfMachine = (code: ErrorCode): boolean =>
  code !== 'HOST_INCOMPATIBLE' && findTrouble(code) === 'tenant';

/** @throws NoVerdict for a failure of the platform */
function failed(phases: Verdict['phases'], { code, detail }: Failure): Verdict {
  if (isOfMachine(code)) throw new NoVerdict(detail);
  return { healthy: false, phases, errorCode: code, detail };
}

/**
 * Exit status 0 or 1 with one line of JSON is a verdict on the plugin. A failure of the platform, such as
 * a full disk, prints no line and exits with another status: the caller then holds the release and does
 * not fail its author.
 */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const containment = await detectSandbox(process.env, options?.isProven);
  if (!options) return print(toContainmentView(containment));
  if (containment.sandbox.strength !== 'strong') return print(notRun(containment));
  const verdict = await tryPackage(options, containment).catch((error: unknown) => {
    if (error instanceof NoVerdict) throw error;
    return failed([], classifyFailure(error, 'start'));
  });
  print(verdict);
  process.exitCode = verdict.healthy ? 0 : 1;
}

function print(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** The reviewer reads this; why there is no containment is for the operator. */
const notRun = (containment: Detection): NotRun => ({
  notRun: { sandbox: containment.sandbox.driver, reason: describeContainment(containment) },
});

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
