import path from 'node:path';
import type { Receipt } from '../../contracts/releases/publish';
import { writeJson } from '../files';
import { renderPairs } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';

/** Keeps the receipt in the plugin folder (CLI-26), as the server gave it. */
export async function saveReceipt(root: string, receipt: Receipt): Promise<string> {
  const file = path.join(root, 'publish-receipt.json');
  await writeJson(file, receipt);
  return file;
}

/** The receipt as a table. */
export const showReceipt = (terminal: Terminal, receipt: Receipt, file: string): void =>
  terminal.lines(
    renderPairs(terminal, [
      ['release', receipt.publishId],
      ['version', receipt.versionId],
      ['channel', receipt.channel],
      ['review', `${receipt.reviewQueueId} (within ${receipt.sla.expectedReviewDuration})`],
      ['submitted', receipt.submittedAt],
      ['next check', receipt.nextCheckAt],
      ['follow', `px-plugin watch ${receipt.versionId}`],
      ['receipt', file],
    ]),
  );
