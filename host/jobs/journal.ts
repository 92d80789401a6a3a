import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { pluginIdSchema, versionSchema } from '../../contracts/plugin';
import { isErrorCode, type ErrorCode } from '../../core/errors/catalogue';
import { syncFolder } from '../../platform/files/durable';
import { listNames, ignoreAbsence } from '../../platform/files/absence';
import type { Layout } from '../disk/layout';

/** Where the package of an installation comes from. */
const sourceSchema = z.object({
  by: z.enum(['feed', 'admin', 'url', 'file']),
  url: z.string(),
  sha256: z.string().optional(),
  bytes: z.number().optional(),
  manifestDigest: z.string().optional(),
  publisherId: z.string().optional(),
});

const jobSchema = z.object({
  jobId: z.string(),
  /** `install` installs a version, `return` goes back to what was there before the active one. */
  kind: z.enum(['install', 'return']),
  /** Unknown until the package is downloaded, for an address that does not say. */
  pluginId: pluginIdSchema.optional(),
  version: versionSchema.optional(),
  source: sourceSchema,
  stage: z.number().int(),
  force: z.boolean(),
  requestedAt: z.string(),
});
export type Job = z.infer<typeof jobSchema>;

/** What must be known to undo a job, written before the job touches anything outside its workspace. */
const factsSchema = z.object({
  pluginId: pluginIdSchema,
  version: versionSchema,
  activeBefore: z.string().nullable(),
  /** Whether the version's folder was there before the job. */
  existed: z.boolean(),
  backup: z.string().nullable(),
});
export type Facts = z.infer<typeof factsSchema>;

const outcomes = ['success', 'failed', 'rolled_back', 'deferred'] as const;
export type JobOutcome = (typeof outcomes)[number];

export const failureSchema = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && isErrorCode(code)),
  detail: z.string(),
  later: z.boolean(),
});

const at = z.string();
const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), at, job: jobSchema }),
  z.object({ type: z.literal('resumed'), at }),
  z.object({
    type: z.literal('phase'),
    at,
    phase: z.string(),
    status: z.enum(['started', 'done', 'failed']),
    ms: z.number().optional(),
    failure: failureSchema.optional(),
  }),
  z.object({ type: z.literal('facts'), at, facts: factsSchema }),
  z.object({ type: z.literal('child'), at, pid: z.number(), startedAt: z.string() }),
  z.object({
    type: z.literal('end'),
    at,
    outcome: z.enum(outcomes),
    activeVersion: z.string().nullable(),
    failure: failureSchema.optional(),
  }),
]);
export type JournalLine = z.infer<typeof lineSchema>;
type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
type JournalEvent = WithoutTime<JournalLine>;

export interface Journal {
  /** Writes one line and forces it to disk before it returns. */
  write(event: JournalEvent): Promise<void>;
}

/** The journal of a job: JSON lines, appended and forced to disk one by one. */
export function openJournal(layout: Layout, jobId: string, now: () => Date): Journal {
  const file = layout.journal(jobId);
  return {
    async write(event) {
      await mkdir(path.dirname(file), { recursive: true });
      const handle = await open(file, 'a');
      try {
        // A line that a crash cut short must not swallow the one that follows it.
        const lead = event.type === 'resumed' ? '\n' : '';
        await handle.appendFile(`${lead}${JSON.stringify({ at: now().toISOString(), ...event })}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (event.type === 'job') await syncFolder(path.dirname(file));
    },
  };
}

/**
 * The lines of a journal. A last line that a crash cut short never happened; undefined when there is
 * no journal, or not even its first line.
 */
export async function readJournal(layout: Layout, jobId: string): Promise<JournalLine[] | undefined> {
  const text = await ignoreAbsence(readFile(layout.journal(jobId), 'utf8'));
  const lines = (text ?? '').split('\n').slice(0, -1).map(parseLine);
  const whole = lines.filter((line) => line !== undefined);
  return whole[0]?.type === 'job' ? whole : undefined;
}

/** A torn line also stays in the middle of the journal of a job that was resumed. */
function parseLine(line: string): JournalLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

export const jobIdsIn = async (layout: Layout): Promise<string[]> =>
  (await listNames(layout.jobs)).filter((name) => name.endsWith('.jsonl')).map((name) => name.slice(0, -6));
