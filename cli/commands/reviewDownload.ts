import { createHash, randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Command, Option } from 'commander';
import { refusal } from '../../core/errors/errors';
import type { ReviewDetail } from '../../contracts/reviews/queue';
import { exists } from '../../platform/files/absence';
import { writePieces } from '../../pxp/fileWriter';
import type { Client } from '../../sdk/client';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { withOutput } from './options';
import { readReview } from './reviewShow';
import { releaseArgument } from './status';

interface Options extends OutputOptions {
  out?: string;
}

/** Brings the very package that a decision names. */
export const downloadCommand = (context: CommandContext): Command =>
  withOutput(new Command('download'))
    .description('download the package that a decision is about')
    .addArgument(releaseArgument())
    .addOption(new Option('--out <file>', 'file to write (default: <pluginId>-<version>.pxp)'))
    .action((id: string, options: Options) => download(context, id, options));

async function download(context: CommandContext, id: string, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const client = connect(context.config(), sayRetries(terminal));
  const { review, release } = await readReview(client, id);
  const name = `${release.pluginId}-${release.version}`.replace(/[^\w.+-]+/g, '-');
  const file = path.resolve(context.surroundings.cwd, options.out ?? `${name}.pxp`);
  if (await exists(file)) throw refusal('TARGET_TAKEN', `${file} is there already.`, file);
  await savePackage(client, review.reviewQueueId, release, file);
  terminal.line(`${file} has the SHA-256 ${release.packageSha256}, which the decision names.`);
  terminal.document({ file, sha256: release.packageSha256, bytes: release.packageBytes });
}

/** The file gets its name once its bytes are proven; more than were announced are not waited for. */
async function savePackage(
  client: Client,
  reviewQueueId: string,
  { packageSha256, packageBytes }: ReviewDetail['release'],
  file: string,
): Promise<void> {
  const { body } = await client.reviews.openPackage(reviewQueueId);
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const hash = createHash('sha256');
  const wrong = refusal('PACKAGE_DIGEST', 'The bytes that arrived are not the package of the review.');
  let bytes = 0;
  try {
    await writePieces(draft, body, (piece) => {
      bytes += piece.length;
      if (bytes > packageBytes) throw wrong;
      hash.update(piece);
    });
    if (hash.digest('hex') !== packageSha256) throw wrong;
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
