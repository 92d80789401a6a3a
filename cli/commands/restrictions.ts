import { Argument, Command, Option } from 'commander';
import type { CommandContext, OutputOptions } from '../context';
import { restrictionsClientOf, showRestriction } from './restrictions/show';
import { imposeCommand } from './restrictions/impose';
import { listCommand } from './restrictions/list';
import { withOutput } from './options';

/** What is withheld from tenants: for publishers their own, for operators everybody's. */
export const restrictionsCommand = (context: CommandContext): Command =>
  new Command('restrictions')
    .addCommand(listCommand(context))
    .addCommand(appealCommand(context))
    .addCommand(imposeCommand(context))
    .addCommand(liftCommand(context))
    .addCommand(answerCommand(context));

const idArgument = (): Argument => new Argument('<restriction-id>', 'the id that `restrictions list` shows');

const appealCommand = (context: CommandContext): Command =>
  withOutput(new Command('appeal'))
    .description('say, once, why a restriction of yours should be lifted')
    .addArgument(idArgument())
    .addOption(new Option('--text <text>', 'what the operators should know').makeOptionMandatory())
    .action(async (id: string, { text, ...output }: OutputOptions & { text: string }) => {
      const terminal = context.terminal(output);
      const kept = await restrictionsClientOf(context, terminal).appeal(id, text);
      terminal.line(`The operators are told. \`px-plugin restrictions list\` will show their answer.`);
      terminal.document(kept);
    });

const liftCommand = (context: CommandContext): Command =>
  withOutput(new Command('lift'))
    .description('end a restriction, as an operator')
    .addArgument(idArgument())
    .addOption(new Option('--reason <text>', 'why, told to the publisher').makeOptionMandatory())
    .action(async (id: string, { reason, ...output }: OutputOptions & { reason: string }) => {
      const terminal = context.terminal(output);
      const lifted = await restrictionsClientOf(context, terminal).lift(id, reason);
      terminal.line(`The ${lifted.kind} of ${lifted.subjectKind} ${lifted.subjectId} is lifted.`);
      if (lifted.kind !== 'delay')
        terminal.line('Rollouts that were paused for it wait until an operator resumes them.');
      terminal.document(lifted);
    });

const answerCommand = (context: CommandContext): Command =>
  withOutput(new Command('answer'))
    .description('answer an appeal without lifting the restriction, as an operator')
    .addArgument(idArgument())
    .addOption(new Option('--text <text>', 'the answer, told to the publisher').makeOptionMandatory())
    .action(async (id: string, { text, ...output }: OutputOptions & { text: string }) => {
      const terminal = context.terminal(output);
      const answered = await restrictionsClientOf(context, terminal).answer(id, text);
      terminal.line('The publisher is told, and the restriction stays:');
      showRestriction(terminal, answered);
      terminal.document(answered);
    });
