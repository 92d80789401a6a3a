import path from 'node:path';
import { refusal } from '../../core/errors/errors';
import { isGenerated, notesFor, withoutMark } from '../../core/releases/notes';
import type { NotesFacts } from '../../core/releases/precheckFacts';
import { readTextWithin } from '../../platform/files/unlinked';
import type { PluginFolder } from '../input/pluginFolder';

/** Longer than any notes that the marketplace takes. */
const MAX_NOTES_BYTES = 1024 * 1024;

/**
 * The release notes: a file that the author names counts more than the changelog's section on the version.
 * Null when there are none; undefined without a version, because its section is not known then.
 *
 * @throws Refusal NOTES_MISSING when the file that was named is not there, FILE_UNSAFE when it is no plain file
 */
export async function findNotes(
  folder: PluginFolder,
  file: string | undefined,
): Promise<NotesFacts | null | undefined> {
  if (file !== undefined) return { text: await readNotesFile(folder.root, file), source: 'flag' };
  if (!('value' in folder.manifest)) return undefined;
  const text = notesFor(folder.changelog ?? '', folder.manifest.value.version);
  if (text === undefined) return null;
  return isGenerated(text) ? { text: withoutMark(text), source: 'generated' } : { text, source: 'changelog' };
}

/**
 * Notes are published for good, so a link in the plugin folder may not make them of another file. A file
 * elsewhere was named by the author, and may be no link out of its own folder.
 */
async function readNotesFile(root: string, file: string): Promise<string> {
  const isInside = !path.relative(root, file).startsWith('..');
  const text = await readTextWithin(isInside ? root : path.dirname(file), file, MAX_NOTES_BYTES);
  if (text !== undefined) return text;
  throw refusal('NOTES_MISSING', `The notes file ${file} cannot be read.`, file);
}
