import { z } from 'zod';
import { feedEntrySchema, type FeedEntry } from '../../contracts/rollouts/feed';
import { count, lineText, recordOf, text } from '../../contracts/bounds';
import { formatVersionId } from '../../core/ids';
import { limits } from '../../core/limits';
import { readIfPresent } from '../../platform/files/absence';
import { replaceFile } from '../../platform/files/durable';
import { knownPlugins, versionsOnDisk } from '../disk/activeVersion';
import type { Layout } from '../disk/layout';
import { mergeOffers, trimOffers, type Offers } from './offers';

const cursorSchema = z.object({
  revision: count,
  /** What the feed was filtered by; another selection must read it from the beginning. */
  selection: text(limits.releaseNotes),
  offers: recordOf(lineText, feedEntrySchema, 100_000),
});

/**
 * What the feed said up to a revision: one file, replaced as a whole, so that after a crash a host knows the same
 * offers as before. What could not be written is known all the same, and its revision is not counted as read.
 */
export interface Cursor {
  /** The revision up to which everything is on disk. */
  revision(): number;
  /** The latest entries, on disk or not yet. */
  known(): Offers;
  /** @throws an error of the file system; what the entries say is known, and the revision stays as it was */
  advance(entries: readonly FeedEntry[], revision: number): Promise<void>;
  /** Knows nothing but these offers from now on. @throws an error of the file system; then nothing changes */
  replace(offers: Offers, revision: number): Promise<void>;
  /** Reads from the beginning next time. What was known is gone. */
  forget(): void;
}

/** @param selection what the entries were filtered by; what was read by another one is not taken up */
export async function openCursor(layout: Layout, selection: string): Promise<Cursor> {
  const kept = await readCursor(layout, selection);
  let revision = kept?.revision ?? 0;
  let known: Offers = kept?.offers ?? {};

  async function replace(offers: Offers, next: number): Promise<void> {
    const trimmed = trimOffers(offers, await installedIds(layout));
    await replaceFile(layout.cursor, JSON.stringify({ revision: next, selection, offers: trimmed }));
    revision = next;
    known = trimmed;
  }

  return {
    revision: () => revision,
    known: () => known,
    replace,
    async advance(entries, next) {
      if (next === revision && entries.length === 0) return;
      known = mergeOffers(known, entries);
      await replace(known, next);
    },
    forget() {
      revision = 0;
      known = {};
    },
  };
}

/** What an earlier run left on disk; nothing where that cannot be used. */
async function readCursor(layout: Layout, selection: string) {
  const kept = cursorSchema.safeParse(parseJson((await readIfPresent(layout.cursor)) ?? ''));
  return kept.success && kept.data.selection === selection ? kept.data : undefined;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

async function installedIds(layout: Layout): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const pluginId of await knownPlugins(layout)) {
    for (const version of await versionsOnDisk(layout.plugin(pluginId)))
      ids.add(formatVersionId(pluginId, version));
  }
  return ids;
}
