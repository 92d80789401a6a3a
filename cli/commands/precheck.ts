import { Command } from 'commander';
import { Refusal } from '../../core/errors/errors';
import { catalogue } from '../../core/errors/catalogue';
import { precheckRules } from '../../core/releases/precheckRules';
import type { PrecheckReport, PrecheckResult } from '../../core/releases/precheck';
import type { Channel } from '../../contracts/plugin';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { precheckFolder } from '../publish/precheck';
import { settings } from '../settings';
import { describePlaced, ShownRefusal } from '../terminal/problems';
import type { Paint, Terminal } from '../terminal/terminal';
import { channelOption, folderArgument, notesOption, pathFrom, withOutput } from './options';

interface Options extends OutputOptions {
  channel?: Channel;
  notes?: string;
}

export function precheckCommand(context: CommandContext): Command {
  return withOutput(new Command('precheck'))
    .addArgument(folderArgument())
    .addOption(channelOption())
    .addOption(notesOption())
    .action((folder: string, options: Options) => run(context, pathFrom(context, folder), options));
}

/** Works without a marketplace; with one, the versions that exist are judged too. */
async function run(context: CommandContext, root: string, options: Options): Promise<void> {
  const config = context.config();
  const terminal = context.terminal(options);
  const isOnline = config.apiUrl !== undefined && config.token !== undefined;
  const notes = options.notes === undefined ? undefined : pathFrom(context, options.notes);
  const { report } = await precheckFolder(
    { root, channel: options.channel, notes },
    {
      signing: config.signing,
      now: context.surroundings.now(),
      client: isOnline ? connect(config, sayRetries(terminal)) : undefined,
      asksAccount: true,
    },
  );
  const skipped = listSkipped(report, isOnline);
  showReport(terminal, report, skipped);
  const errors = report.errors.map((each) => ({ ...each, next: catalogue[each.code].next }));
  terminal.document({ ...report, errors, skipped });
  if (!report.valid) throw new ShownRefusal(new Refusal(report.errors));
}

/** A check that was not made here, and why. */
interface Skipped {
  title: string;
  why: string;
}

const OFFLINE = `no marketplace is configured (${settings.apiUrl}, ${settings.token})`;
const BROKEN = 'what it judges cannot be read';

/** Everything that may still speak against publishing: nobody is told to be ready for what was not looked at. */
function listSkipped({ checks }: PrecheckReport, isOnline: boolean): Skipped[] {
  const made = new Set(checks.map(({ id }) => id));
  const online = [
    { title: 'The version is newer than those of the marketplace', why: OFFLINE },
    { title: 'The token may publish, and the key is registered', why: OFFLINE },
  ];
  return [
    ...(isOnline ? [] : online),
    ...precheckRules
      .filter(({ id }) => !made.has(id) && id !== 'account' && id !== 'rollout')
      .map(({ title }) => ({ title, why: BROKEN })),
    {
      title: 'The plugin id is free or yours',
      why: 'only the marketplace knows; it says so when you publish',
    },
    { title: 'All scanners, the trial installation and the review', why: 'they follow once it is published' },
  ];
}

const signs: Record<PrecheckResult['status'], [sign: string, style: Paint]> = {
  pass: ['✔', 'green'],
  warn: ['!', 'yellow'],
  fail: ['✖', 'red'],
};

/** A line a check; under those that found something, what it is and the next step. */
function showReport(terminal: Terminal, report: PrecheckReport, skipped: readonly Skipped[]): void {
  for (const check of report.checks) {
    const [sign, style] = signs[check.status];
    terminal.line(`${terminal.paint(style, sign)} ${check.title}`);
    for (const each of check.problems) terminal.line(`    ${each.code}  ${describePlaced(each)}`);
    if (check.remediation !== null) terminal.line(`    next: ${check.remediation}`);
  }
  for (const { title, why } of skipped) terminal.line(`- ${title}: not checked here, ${why}`);
  const failed = report.checks.filter((check) => check.status === 'fail').length;
  const ready = skipped.some(({ why }) => why === OFFLINE)
    ? 'ready to publish, as far as it could be checked here'
    : 'ready to publish';
  const verdict = failed === 0 ? ready : `${failed} of ${report.checks.length} checks failed`;
  terminal.line(terminal.paint('bold', verdict));
}
