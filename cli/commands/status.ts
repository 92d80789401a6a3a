import { Argument, Command } from 'commander';
import type { RestrictionView } from '../../contracts/releases/restrictions';
import type { ReleaseView } from '../../contracts/releases/view';
import { plural } from '../../core/plural';
import { describeNameFinding } from '../../core/releases/nameFindings';
import { findNewerVersion } from '../../core/releases/newerVersion';
import { describeAppeal, describeRestriction } from '../../core/releases/restrictions';
import { isBefore, isInstallable } from '../../core/releases/state';
import type { Client } from '../../sdk/client';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { listReleaseProblems } from '../publish/outcome';
import { describePlaced } from '../terminal/problems';
import { renderPairs, renderTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { withOutput } from './options';

/** Either id of the receipt names a release. */
export const releaseArgument = (): Argument => new Argument('<id>', 'publishId or versionId of the receipt');

export function statusCommand(context: CommandContext): Command {
  return withOutput(new Command('status'))
    .addArgument(releaseArgument())
    .action(async (id: string, options: OutputOptions) => {
      const terminal = context.terminal(options);
      const client = connect(context.config(), sayRetries(terminal));
      const release = await client.releases.read(id);
      terminal.document(release);
      if (terminal.json) return;
      showRelease(terminal, release);
      await showNewer(terminal, client, release);
    });
}

/** The rollout of a version goes on after a newer one is out, so that its state alone would mislead. */
async function showNewer(terminal: Terminal, client: Client, release: ReleaseView): Promise<void> {
  if (!isInstallable(release.state)) return;
  const { versions } = await client.releases.listVersions(release.pluginId);
  const newer = findNewerVersion(release, versions);
  if (!newer) return;
  terminal.line();
  terminal.line(
    `A newer version is out in the channel ${release.channel}: ${newer.version} (${newer.state}). Hosts that are offered both install the newer one.`,
  );
}

/** State first, then why, then the evidence. */
export function showRelease(terminal: Terminal, release: ReleaseView): void {
  terminal.lines(renderPairs(terminal, listFacts(release)));
  if (release.problems.length > 0)
    for (const each of listReleaseProblems(release).slice(1))
      terminal.line(`${each.code}  ${describePlaced(each)}`);
  for (const each of release.restrictions) showRestricted(terminal, each);
  showNameFindings(terminal, release);
  if (release.scans.length > 0) {
    terminal.line();
    terminal.lines(renderTable(terminal, ['scanner', 'version', 'verdict', 'findings'], listScans(release)));
  }
  if (release.rollout) {
    terminal.line();
    const head = ['stage', 'share', 'verdict', 'cohort', 'installed', 'failed', 'back'];
    terminal.lines(renderTable(terminal, head, listStages(release.rollout)));
    showTroubles(terminal, release.rollout);
  }
}

/** Nothing is refused by these: whoever reviews the release looks at the name. */
function showNameFindings(terminal: Terminal, { pluginId, state, nameFindings }: ReleaseView): void {
  if (nameFindings.length === 0 || !isBefore(state, 'approved')) return;
  terminal.line();
  terminal.line('A reviewer looks at the name:');
  for (const each of nameFindings) terminal.line(`  ${describeNameFinding(pluginId, each)}`);
}

/** Tenants that wait because of something else than the version, with what helps. */
function showTroubles(terminal: Terminal, { troubles = [] }: NonNullable<ReleaseView['rollout']>): void {
  if (troubles.length === 0) return;
  terminal.line();
  terminal.line('Not judged by, as nothing of it is the fault of the version:');
  for (const { code, tenants, title, next } of troubles)
    terminal.line(`  ${plural(tenants, 'tenant')}: ${title} (${code}). ${next}`);
}

/** A release that is withheld looks as if it went on, by its state alone. */
function showRestricted(terminal: Terminal, restriction: RestrictionView): void {
  terminal.line();
  terminal.line(`Restricted: ${describeRestriction(restriction)}`);
  terminal.line(describeAppeal(restriction));
  if (restriction.cause === 'decision' && restriction.appeal === null)
    terminal.line(`  px-plugin restrictions appeal ${restriction.restrictionId} --text <text>`);
}

function listFacts(release: ReleaseView): [string, string][] {
  const review = release.review;
  return [
    ['release', `${release.versionId} (${release.name})`],
    ['state', release.state],
    ['channel', release.channel],
    ['submitted', release.submittedAt],
    ['package', `${release.packageSha256} (${release.packageBytes} bytes)`],
    ['signed by', release.signedBy ?? 'nobody'],
    ['permissions', release.permissions.join(', ') || 'none'],
    ...(review ? [['review', describeReview(review)] satisfies [string, string]] : []),
  ];
}

/** How a decision is told once it was made. */
export const pastTense = { approve: 'approved', reject: 'rejected' } as const;

function describeReview(review: NonNullable<ReleaseView['review']>): string {
  if (review.decision) return `${pastTense[review.decision]} by ${review.reviewer ?? 'unknown'}`;
  return review.slaDeadline ? `${review.state}, due ${review.slaDeadline}` : review.state;
}

const listScans = (release: ReleaseView): string[][] =>
  release.scans.map((scan) => [scan.scanner, scan.version, scan.verdict, String(scan.findings.length)]);

const listStages = (rollout: NonNullable<ReleaseView['rollout']>): string[][] =>
  rollout.stages.map((each) => [
    String(each.stage),
    `${each.basisPoints / 100} %`,
    each.verdict ?? (each.stage === rollout.stage ? rollout.state : '-'),
    ...[each.cohort, each.installed, each.failed, each.rolledBack].map(String),
  ]);
