import { Command } from 'commander';
import { Refusal } from '../../core/errors/errors';
import type { PrecheckReport, PrecheckResult } from '../../core/releases/precheck';
import type { Channel } from '../../contracts/plugin';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { precheckFolder } from '../publish/precheck';
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
    },
  );
  showReport(terminal, report);
  if (!isOnline) {
    terminal.line('Published versions were not checked, because no marketplace is configured.');
  }
  terminal.document(report);
  if (!report.valid) throw new ShownRefusal(new Refusal(report.errors));
}

const signs: Record<PrecheckResult['status'], [sign: string, style: Paint]> = {
  pass: ['✔', 'green'],
  warn: ['!', 'yellow'],
  fail: ['✖', 'red'],
};

/** A line a check; under those that found something, what it is and the next step. */
function showReport(terminal: Terminal, report: PrecheckReport): void {
  for (const check of report.checks) {
    const [sign, style] = signs[check.status];
    terminal.line(`${terminal.paint(style, sign)} ${check.title}`);
    for (const each of check.problems) terminal.line(`    ${each.code}  ${describePlaced(each)}`);
    if (check.remediation !== null) terminal.line(`    next: ${check.remediation}`);
  }
  const failed = report.checks.filter((check) => check.status === 'fail').length;
  const verdict = failed === 0 ? 'ready to publish' : `${failed} of ${report.checks.length} checks failed`;
  terminal.line(terminal.paint('bold', verdict));
}
