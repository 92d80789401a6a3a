import path from 'node:path';
import { toPlainJson } from '../../core/foreignText';
import { publishLog, type PublishLogLine } from '../../core/releases/publishLog';
import { appendUnlinked } from '../../platform/files/unlinked';
import { ownFolder } from '../files';

/** The log of a plugin folder's publishes: JSON lines, appended, readable after the terminal is gone. */
export interface PublishLog {
  /** Facts that all later lines carry. */
  know(facts: Partial<PublishLogLine>): void;
  write(line: { status: string } & Partial<PublishLogLine>, more?: Record<string, unknown>): Promise<void>;
}

/**
 * A line says what was reached and never what was sent: no token, no signed URL. Lines are awaited,
 * so that a run that dies leaves what it did.
 */
export async function openPublishLog(root: string, now: () => Date): Promise<PublishLog> {
  const file = path.join(await ownFolder(root), 'publish.log');
  // Where nothing can be noted nothing is begun.
  await appendUnlinked(file, '');
  const known: Partial<PublishLogLine> = {};
  return {
    know: (facts) => void Object.assign(known, facts),
    write: (line, more = {}) =>
      appendUnlinked(
        file,
        `${toPlainJson({ time: now().toISOString(), ...publishLog({ ...known, ...line }), ...more })}\n`,
      ),
  };
}
