import { Command } from 'commander';
import { formatDuration } from '../../core/duration';
import { refusal } from '../../core/errors/errors';
import type { ReviewDetail } from '../../contracts/reviews/queue';
import type { Client } from '../../sdk/client';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { renderPairs, renderTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { withOutput } from './options';
import { releaseArgument, showRelease } from './status';

/** Tenants that are named; of a longer list the rest is counted. */
const MAX_NAMED = 10;

/** What a decision is about: the release, and the rollout that an approval sets going. */
export const showReviewCommand = (context: CommandContext): Command =>
  withOutput(new Command('show'))
    .description('show what a decision is about: package, scans and the rollout that was asked for')
    .addArgument(releaseArgument())
    .action(async (id: string, options: OutputOptions) => {
      const terminal = context.terminal(options);
      const detail = await readReview(connect(context.config(), sayRetries(terminal)), id);
      terminal.document(detail);
      if (!terminal.json) showReview(terminal, detail);
    });

/** The review of a release. @throws Refusal NOT_FOUND for a release that has none */
export async function readReview(client: Client, id: string): Promise<ReviewDetail> {
  const { review, versionId } = await client.releases.read(id);
  if (!review) throw refusal('NOT_FOUND', `${versionId} has no review.`);
  return await client.reviews.read(review.reviewQueueId);
}

function showReview(terminal: Terminal, { release, review, requestedRollout }: ReviewDetail): void {
  showRelease(terminal, release);
  for (const { info, links } of review.info) {
    terminal.line();
    terminal.line(`From the publisher: ${info}`);
    for (const link of links) terminal.line(`  ${link}`);
  }
  terminal.line();
  terminal.line(`Rollout after approval: ${requestedRollout.type}`);
  const rows = requestedRollout.stages.map(({ basisPoints, durationMs, startAt }, index) => [
    String(index + 1),
    `${basisPoints / 100} %`,
    formatDuration(durationMs),
    startAt ?? '-',
  ]);
  terminal.lines(renderTable(terminal, ['stage', 'share', 'watched for', 'not before'], rows));
  const lists = [
    ['always offered to', requestedRollout.allow],
    ['never offered to', requestedRollout.deny],
  ] as const;
  const told = lists.filter(([, tenants]) => tenants.length > 0);
  if (told.length > 0)
    terminal.lines(
      renderPairs(
        terminal,
        told.map(([name, tenants]) => [name, nameTenants(tenants)]),
      ),
    );
}

function nameTenants(tenants: readonly string[]): string {
  const more = tenants.length - MAX_NAMED;
  return `${tenants.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
