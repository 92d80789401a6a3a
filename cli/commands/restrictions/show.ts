import type { RestrictionView } from '../../../contracts/releases/restrictions';
import { describeAppeal, describeRestriction } from '../../../core/releases/restrictions';
import type { Client } from '../../../sdk/client';
import { connect, sayRetries } from '../../client';
import type { CommandContext } from '../../context';
import { renderPairs } from '../../terminal/table';
import type { Terminal } from '../../terminal/terminal';

export const restrictionsClientOf = (context: CommandContext, terminal: Terminal): Client['restrictions'] =>
  connect(context.config(), sayRetries(terminal)).restrictions;

/** What it withholds and why, since when and until when, and how an appeal stands. */
export function showRestriction(terminal: Terminal, restriction: RestrictionView): void {
  const { restrictionId, publisherId, imposedAt, imposedBy, liftedAt, liftedBy, liftReason } = restriction;
  const end: [string, string] =
    liftedAt === null
      ? [
          'ends',
          restriction.expiresAt ?? (restriction.cause === 'revocation' ? 'never' : 'when it is lifted'),
        ]
      : ['lifted', `${liftedAt} by ${liftedBy ?? 'unknown'}: ${liftReason ?? ''}`];
  const appeal = describeAppeal(restriction);
  terminal.lines(
    renderPairs(terminal, [
      ['restriction', restrictionId],
      ['publisher', publisherId],
      [liftedAt === null ? 'withholds' : 'withheld', describeRestriction(restriction)],
      ['imposed', `${imposedAt} by ${imposedBy}`],
      end,
      ...(appeal === '' ? [] : [['appeal', appeal] satisfies [string, string]]),
    ]),
  );
}
