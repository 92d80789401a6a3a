import { catalogue } from '../../core/errors/catalogue';
import { Refusal, problem, type Problem } from '../../core/errors/errors';
import { describeTrouble } from './trouble';
import type { Terminal } from './terminal';

/** A refusal that the command has shown already, in a form of its own; only the exit status is left. */
export class ShownRefusal extends Error {
  override readonly name = 'Told';

  constructor(readonly refusal: Refusal) {
    super(refusal.message, { cause: refusal });
  }
}

/** Any error as problems: a refusal, trouble of this machine, or else an internal error, without its details. */
export function toProblems(error: unknown): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  return [describeTrouble(error) ?? problem('INTERNAL', `px-plugin failed: ${toMessage(error)}.`)];
}

export const toMessage = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');

/** Exit status of the process: that of the first problem. */
export const toExitStatus = (error: unknown): number => {
  const [first] = toProblems(error instanceof ShownRefusal ? error.refusal : error);
  return first ? catalogue[first.code].exit : 1;
};

/** All problems: code, sentence, and the next step once for each kind. */
export function showError(terminal: Terminal, error: unknown): void {
  if (error instanceof ShownRefusal) return;
  const problems = toProblems(error);
  terminal.document({
    valid: false,
    errors: problems.map((each) => ({ ...each, next: catalogue[each.code].next })),
  });
  for (const [code, own] of groupByCode(problems)) {
    for (const each of own) terminal.error(`${terminal.paint('red', code)}  ${describePlaced(each)}`);
    terminal.error(`  ${terminal.paint('dim', 'next:')} ${catalogue[code].next}`);
  }
  if (terminal.verbose && !(error instanceof Refusal) && error instanceof Error) {
    for (const line of (error.stack ?? '').split('\n')) terminal.error(line);
  }
}

/** The sentence, with the file and line where they are known and it does not name them itself. */
export const describePlaced = ({ detail, pointer }: Pick<Problem, 'detail' | 'pointer'>): string =>
  pointer === undefined || pointer.startsWith('/') || detail.includes(pointer)
    ? detail
    : `${pointer}: ${detail}`;

function groupByCode(problems: readonly Problem[]): Map<Problem['code'], Problem[]> {
  const groups = new Map<Problem['code'], Problem[]>();
  for (const each of problems) groups.set(each.code, [...(groups.get(each.code) ?? []), each]);
  return groups;
}
