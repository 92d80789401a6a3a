import { Command, Option } from 'commander';
import type { QueueEntry } from '../../contracts/reviews/queue';
import { readPages } from '../../sdk/http/answers';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { renderTable } from '../terminal/table';
import { withOutput } from './options';
import { downloadCommand } from './reviewDownload';
import { showReviewCommand } from './reviewShow';
import { pastTense, releaseArgument } from './status';

interface DecideOptions extends OutputOptions {
  notes?: string;
  package?: string;
}

/** The same API as the review console; for scripts and for reviewers who live in a terminal. */
export function reviewCommand(context: CommandContext): Command {
  const list = withOutput(new Command('list'))
    .description('list the releases that wait for a decision')
    .action((options: OutputOptions) => listReviews(context, options));
  const packageOption = new Option(
    '--package <sha256>',
    'digest of the package that you reviewed (default: the current one)',
  );
  const approve = decision(context, 'approve').addOption(
    new Option('--notes <text>', 'notes for the publisher'),
  );
  const reject = decision(context, 'reject').addOption(
    new Option('--notes <text>', 'reason, shown to the publisher').makeOptionMandatory(),
  );
  for (const command of [approve, reject]) command.addOption(packageOption);
  return new Command('review')
    .addCommand(list)
    .addCommand(showReviewCommand(context))
    .addCommand(downloadCommand(context))
    .addCommand(approve)
    .addCommand(reject);
}

const decision = (context: CommandContext, kind: 'approve' | 'reject'): Command =>
  withOutput(new Command(kind))
    .description(`${kind} a release`)
    .addArgument(releaseArgument())
    .action((id: string, options: DecideOptions) => decide(context, kind, id, options));

/** Whether there is something to know of the plugin's name. */
const describeNote = ({ nameFindings: [worst] }: QueueEntry): string =>
  worst === undefined
    ? '-'
    : { look_alike: 'look-alike', reserved: 'reserved', same_name: 'same name' }[worst.kind];

/** All pages, oldest first. */
async function listReviews(context: CommandContext, options: OutputOptions): Promise<void> {
  const terminal = context.terminal(options);
  const client = connect(context.config(), sayRetries(terminal));
  const reviews: QueueEntry[] = [];
  const readPage = (cursor: string | undefined) =>
    client.reviews.list({ state: 'open', limit: 100, ...(cursor === undefined ? {} : { cursor }) });
  for await (const page of readPages(readPage)) reviews.push(...page.reviews);
  terminal.document({ reviews });
  if (reviews.length === 0) return terminal.line('No releases are waiting for a decision.');
  const rows = reviews.map((each) => [
    each.versionId,
    each.channel,
    each.publisherId,
    each.slaDeadline ?? '-',
    describeNote(each),
    each.packageSha256.slice(0, 12),
  ]);
  terminal.lines(renderTable(terminal, ['release', 'channel', 'publisher', 'due', 'name', 'package'], rows));
}

async function decide(
  context: CommandContext,
  kind: 'approve' | 'reject',
  id: string,
  options: DecideOptions,
): Promise<void> {
  const terminal = context.terminal(options);
  const client = connect(context.config(), sayRetries(terminal));
  const release = await client.releases.read(id);
  const reply = await client.reviews.decide(release.versionId, {
    decision: kind,
    notes: options.notes ?? '',
    packageSha256: options.package ?? release.packageSha256,
  });
  terminal.line(
    `${release.versionId} was ${pastTense[reply.decision]} by ${reply.reviewer}; its state is ${reply.state}.`,
  );
  terminal.document({ versionId: release.versionId, ...reply });
}
