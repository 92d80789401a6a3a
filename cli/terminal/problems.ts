import { catalogue } from '../../core/errors/catalogue';
import { Refusal, problem, type Problem } from '../../core/errors/errors';
import type { Terminal } from './terminal';

/** A refusal that the command has shown already, in a form of its own; only the exit status is left. */
export class Told extends Error {
  override readonly name = 'Told';

  constructor(readonly refusal: Refusal) {
    super(refusal.message, { cause: refusal });
  }
}

/** Any error as problems; what is not a refusal is a fault of ours and is told without its insides. */
export const problemsOf = (error: unknown): readonly Problem[] =>
  error instanceof Refusal ? error.problems : [problem('INTERNAL', `px-plugin failed: ${messageOf(error)}.`)];

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');

/** Exit status of the process: that of the first problem. */
export const exitOf = (error: unknown): number => {
  const [first] = problemsOf(error instanceof Told ? error.refusal : error);
  return first ? catalogue[first.code].exit : 1;
};

/** All problems: code, sentence, and the next step once for each kind. */
export function showError(terminal: Terminal, error: unknown): void {
  if (error instanceof Told) return;
  const problems = problemsOf(error);
  terminal.document({
    valid: false,
    errors: problems.map((each) => ({ ...each, next: catalogue[each.code].next })),
  });
  for (const [code, own] of byCode(problems)) {
    for (const each of own) terminal.error(`${terminal.paint('red', code)}  ${each.detail}`);
    terminal.error(`  ${terminal.paint('dim', 'next:')} ${catalogue[code].next}`);
  }
  if (terminal.verbose && !(error instanceof Refusal) && error instanceof Error) {
    terminal.error(error.stack ?? '');
  }
}

function byCode(problems: readonly Problem[]): Map<Problem['code'], Problem[]> {
  const groups = new Map<Problem['code'], Problem[]>();
  for (const each of problems) groups.set(each.code, [...(groups.get(each.code) ?? []), each]);
  return groups;
}
