import { Command, Option } from 'commander';
import type { RestrictionView } from '../../../contracts/releases/restrictions';
import { restrictionViews, type RestrictionsShown } from '../../../core/releases/restrictions';
import { readPages } from '../../../sdk/http/answers';
import type { CommandContext, OutputOptions } from '../../context';
import { withOutput } from '../options';
import { restrictionsClientOf, showRestriction } from './show';

interface ListOptions extends OutputOptions {
  show: RestrictionsShown;
}

/** `restrictions list`. */
export const listCommand = (context: CommandContext): Command =>
  withOutput(new Command('list'))
    .description('list your restrictions; as an operator or reviewer those of everybody')
    .addOption(
      new Option(
        '--show <which>',
        'appeals: those whose appeal waits for an answer; all: also those that are over',
      )
        .choices(restrictionViews)
        .default('in_force'),
    )
    .action((options: ListOptions) => listRestrictions(context, options));

const nothing: Record<RestrictionsShown, string> = {
  in_force: 'No restrictions are in force.',
  appeals: 'No appeals wait for an answer.',
  all: 'There were no restrictions.',
};

async function listRestrictions(context: CommandContext, { show, ...output }: ListOptions): Promise<void> {
  const terminal = context.terminal(output);
  const client = restrictionsClientOf(context, terminal);
  const restrictions: RestrictionView[] = [];
  const readPage = (cursor: string | undefined) =>
    client.list({ show, limit: 100, ...(cursor && { cursor }) });
  for await (const page of readPages(readPage)) restrictions.push(...page.restrictions);
  terminal.document({ restrictions });
  if (restrictions.length === 0) return terminal.line(nothing[show]);
  for (const [index, each] of restrictions.entries()) {
    if (index > 0) terminal.line();
    showRestriction(terminal, each);
  }
}
