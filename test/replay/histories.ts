import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';

export const historiesFolder = path.join(__dirname, 'histories');

export interface RecordedHistory {
  name: string;
  workflowId: string;
  /** As JSON of its protocol buffer. */
  history: { events: Record<string, unknown>[] };
}

const list = (folder: string): string[] => readdirSync(folder).sort();

/** The releases of the product whose histories are kept, each a folder. */
export const recordedReleases = (): string[] => list(historiesFolder);

/** Every history of a release, by the name of its file. */
export const readHistories = (release: string): RecordedHistory[] =>
  list(path.join(historiesFolder, release)).map((file) => ({
    name: file.replace(/\.json$/, ''),
    ...(JSON.parse(readFileSync(path.join(historiesFolder, release, file), 'utf8')) as Omit<
      RecordedHistory,
      'name'
    >),
  }));

export const parsed = ({ history }: Pick<RecordedHistory, 'history'>): History => historyFromJSON(history);

const NAMES_THE_MACHINE = /identity$/i;

/** The history without the names of machines and processes, which replaying never looks at. */
export function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      NAMES_THE_MACHINE.test(key) && typeof inner === 'string' ? 'recorded' : withoutMachine(inner),
    ]),
  );
}
