import { Argument, Command, Option } from 'commander';
import { parseDuration } from '../../../core/duration';
import { refusal } from '../../../core/errors/errors';
import {
  isWithholding,
  restrictionKinds,
  restrictionSubjects,
  type RestrictionKind,
  type RestrictionSubject,
} from '../../../core/releases/restrictions';
import type { CommandContext, OutputOptions } from '../../context';
import { withOutput } from '../options';
import { restrictionsClientOf, showRestriction } from './show';

interface ImposeOptions extends OutputOptions {
  reason: string;
  expires?: string;
}

/** `restrictions impose`, for operators. */
export const imposeCommand = (context: CommandContext): Command =>
  withOutput(new Command('impose'))
    .description('withhold a version, or all of a plugin, publisher or key, as an operator')
    .addArgument(
      new Argument(
        '<kind>',
        'delay: it is not listed yet; quarantine: nobody new is offered it; block: nobody may have it',
      ).choices(restrictionKinds),
    )
    .addArgument(new Argument('<subject>', 'what is withheld').choices(restrictionSubjects))
    .addArgument(new Argument('<id>', 'of the subject: <plugin>@<version>, an id, or a fingerprint'))
    .addOption(new Option('--reason <text>', 'why, told to the publisher').makeOptionMandatory())
    .addOption(
      new Option('--expires <duration>', 'how long it lasts, such as 12h (default: until it is lifted)'),
    )
    .action(
      (kind: RestrictionKind, subjectKind: RestrictionSubject, subjectId: string, options: ImposeOptions) =>
        impose(context, { kind, subjectKind, subjectId }, options),
    );

async function impose(
  context: CommandContext,
  subject: { kind: RestrictionKind; subjectKind: RestrictionSubject; subjectId: string },
  { reason, expires, ...output }: ImposeOptions,
): Promise<void> {
  const terminal = context.terminal(output);
  if (subject.kind === 'delay' && expires === undefined)
    throw refusal('USAGE', 'A delay needs its end: --expires <duration>.');
  const expiresAt = expires === undefined ? {} : { expiresAt: addTo(context.surroundings.now(), expires) };
  const imposed = await restrictionsClientOf(context, terminal).impose({ ...subject, reason, ...expiresAt });
  showRestriction(terminal, imposed);
  if (isWithholding(imposed)) terminal.line('Its publisher is told, and running rollouts are being paused.');
  terminal.document(imposed);
}

/** @throws Refusal USAGE when the text is no duration */
function addTo(now: Date, duration: string): string {
  const ms = parseDuration(duration);
  if (ms === undefined || !Number.isFinite(ms) || ms > 8_640_000_000_000)
    throw refusal('USAGE', `--expires ${duration} is no duration such as 90m, 12h or 30d.`);
  return new Date(now.getTime() + ms).toISOString();
}
