import { readFile } from 'node:fs/promises';
import { refusal } from '../../core/errors/errors';
import { isGenerated, notesFor, withoutMark } from '../../core/releases/notes';
import type { NotesFacts } from '../../core/releases/precheckFacts';
import type { PluginFolder } from '../input/pluginFolder';

/**
 * The release notes: a file that the author names counts more than the changelog's section on the version.
 * Null when there are none; undefined without a version, because its section is not known then.
 *
 * @throws Refusal NOTES_MISSING when the file that was named cannot be read
 */
export async function findNotes(
  folder: PluginFolder,
  file: string | undefined,
): Promise<NotesFacts | null | undefined> {
  if (file !== undefined) return { text: await readNotesFile(file), source: 'flag' };
  if (!('value' in folder.manifest)) return undefined;
  const text = notesFor(folder.changelog ?? '', folder.manifest.value.version);
  if (text === undefined) return null;
  return isGenerated(text) ? { text: withoutMark(text), source: 'generated' } : { text, source: 'changelog' };
}

async function readNotesFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw refusal('NOTES_MISSING', `The notes file ${file} cannot be read.`, file);
  }
}
