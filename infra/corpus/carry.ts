import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { getErrorMessage } from '../../core/errors/thrown';
import type { Cast } from '../demo/cast';
import type { PxPlugin } from '../demo/pxPlugin';
import { askHosts, findRelease } from '../demo/record';
import { until } from '../demo/until';
import type { CorpusPackage } from './packages';

/** What became of a package, a row of the table. */
export interface Carried {
  package: CorpusPackage;
  files: number;
  entry: string;
  vendored: number;
  check: string;
  /** Where it ended: `active`, or the step that refused it and why. */
  end: string;
  seconds: number;
}

export interface CorpusStage {
  cast: Cast;
  cli: PxPlugin;
  /** Where the plugin folders are made. */
  folder: string;
  signal: AbortSignal;
}

const madeSchema = z.object({
  manifest: z.object({
    id: z.string(),
    version: z.string(),
    runtime: z.object({ entry: z.string(), health: z.object({ notLoaded: z.string().optional() }) }),
  }),
  files: z.number(),
  dependencies: z.object({ packages: z.array(z.string()) }),
  tried: z.object({ healthy: z.boolean(), said: z.string() }).optional(),
});
type Made = z.infer<typeof madeSchema>;

const CHECKS_MS = 600_000;
const INSTALLED_MS = 120_000;

/** Takes one package by the command line, a reviewer and the hosts, as far as it comes. */
export async function carry(stage: CorpusStage, corpusPackage: CorpusPackage): Promise<Carried> {
  const began = performance.now();
  const row = { package: corpusPackage, files: 0, entry: '', vendored: 0, check: '' };
  const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
  try {
    const folder = path.join(stage.folder, corpusPackage.spec.replace(/[^\w.-]+/g, '-'));
    const made = await make(stage.cli, corpusPackage.spec, folder);
    Object.assign(row, describe(made));
    await stage.cli.json('publish', folder);
    const end = await follow(stage, made);
    return { ...row, end, seconds: seconds() };
  } catch (error) {
    if (stage.signal.aborted) throw error;
    return { ...row, end: shorten(getErrorMessage(error)), seconds: seconds() };
  }
}

/** A folder of an earlier run is used again: the same bytes are the same submission. */
async function make(cli: PxPlugin, spec: string, folder: string): Promise<Made> {
  const record = `${folder}.json`;
  if (existsSync(record)) return madeSchema.parse(JSON.parse(await readFile(record, 'utf8')));
  const made = madeSchema.parse(await cli.json('init', '--from', spec, '--out', folder));
  await writeRollout(path.join(folder, 'publish.yml'));
  await writeFile(record, JSON.stringify(made));
  return made;
}

/** To every tenant at once, whatever the channel. */
async function writeRollout(file: string): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'));
  document.setIn(['channels', 0, 'rollout'], { batches: [{ percentage: 100, wait: '6s' }] });
  await writeFile(file, document.toString());
}

const describe = ({ manifest, files, dependencies, tried }: Made) => ({
  files,
  entry: manifest.runtime.entry,
  vendored: dependencies.packages.length,
  check: !tried
    ? 'not tried'
    : !tried.healthy
      ? 'unhealthy'
      : manifest.runtime.health.notLoaded
        ? 'parsed'
        : 'loaded',
});

async function follow({ cast, signal }: CorpusStage, { manifest }: Made): Promise<string> {
  const versionId = `${manifest.id}@${manifest.version}`;
  const judged = async () => {
    const release = await findRelease(cast.publisher, versionId);
    return release && !['draft', 'uploading', 'scanning'].includes(release.state) ? release : undefined;
  };
  const release = await until(`the checks of ${versionId}`, judged, { signal, deadlineMs: CHECKS_MS });
  if (release.state !== 'in_review' && release.review?.decision !== 'approve') {
    const why = release.problems.map(({ code, detail }) => `${code} ${detail}`).join(' ');
    return shorten(`${release.state}: ${why}`);
  }
  const { channel } = release;
  await Promise.all(
    cast.tenants.map(({ client }) => client.subscriptions.subscribe(manifest.id, { channel })),
  );
  if (release.state === 'in_review') {
    const { packageSha256 } = release;
    const notes = 'One of the corpus.';
    await cast.reviewer.reviews.decide(versionId, { decision: 'approve', notes, packageSha256 });
  }
  const everywhere = async () => {
    const running = await askHosts(cast, manifest.id);
    return [...running.values()].every((version) => version === manifest.version) ? 'active' : undefined;
  };
  return await until(`${versionId} on all hosts`, everywhere, { signal, deadlineMs: INSTALLED_MS });
}

/** A cell of the table, from its end, where the reason stands. */
const shorten = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 400);

/** Whether it came as far as it should: a native one is refused by the scan of what files are. */
export const isRight = ({ package: { expected }, end }: Carried): boolean =>
  expected === 'active' ? end === 'active' : /native|NATIVE|program|file-types|FILE_TYPE/.test(end);
