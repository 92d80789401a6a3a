import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../platform/files/durable';
import { listNames, ignoreAbsence } from '../../platform/files/absence';
import { lineSchema, type JournalEvent, type JournalLine } from './jobRecord';
import type { Layout } from './layout';

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
      const handle = await open(file, 'a+');
      try {
        const lead = (await endsWithinLine(handle)) ? '\n' : '';
        await handle.appendFile(`${lead}${JSON.stringify({ at: now().toISOString(), ...event })}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (event.type === 'job') await syncFolder(path.dirname(file));
    },
  };
}

/** A line that a crash or a full disk cut short must not swallow the one that follows it. */
async function endsWithinLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
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
