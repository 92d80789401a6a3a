import { Argument, Command, Option } from 'commander';
import type { TokenView } from '../../contracts/identity/tokens';
import { subjectKinds, type SubjectKind } from '../../core/access';
import { readPages } from '../../sdk/http/answers';
import { connect, sayRetries } from '../client';
import type { CommandContext, OutputOptions } from '../context';
import { renderPairs, renderTable } from '../terminal/table';
import { withOutput } from './options';

interface ListOptions extends OutputOptions {
  kind?: SubjectKind;
  id?: string;
}

interface IssueOptions extends OutputOptions {
  person?: string;
  expires?: string;
}

/** Tokens of the marketplace: one's own, or anybody's for an operator. */
export function tokensCommand(context: CommandContext): Command {
  const list = withOutput(new Command('list'))
    .description('list your tokens; as an operator those of everybody')
    .addOption(new Option('--kind <kind>', 'only of this kind, for operators').choices(subjectKinds))
    .addOption(new Option('--id <id>', 'only of this publisher, reviewer, tenant or operator'))
    .action((options: ListOptions) => listTokens(context, options));
  const issue = withOutput(new Command('issue'))
    .description('issue a further token, as an operator; it is shown once')
    .addArgument(new Argument('<kind>', 'whose token').choices(subjectKinds))
    .addArgument(new Argument('<id>', 'id of the publisher, reviewer, tenant or operator'))
    .addOption(new Option('--person <id>', 'who has the token (default: the same id)'))
    .addOption(
      new Option('--expires <duration>', 'how long it holds, such as 12h (default: 90d, 365d for tenants)'),
    )
    .action((kind: SubjectKind, id: string, options: IssueOptions) => issueToken(context, kind, id, options));
  const revoke = withOutput(new Command('revoke'))
    .description('revoke a token at once')
    .addArgument(new Argument('<token-id>', 'the id that `tokens list` shows'))
    .action((tokenId: string, options: OutputOptions) => revokeToken(context, tokenId, options));
  return new Command('tokens').addCommand(list).addCommand(issue).addCommand(revoke);
}

async function listTokens(context: CommandContext, options: ListOptions): Promise<void> {
  const terminal = context.terminal(options);
  const client = connect(context.config(), sayRetries(terminal));
  const { kind, id } = options;
  const tokens: TokenView[] = [];
  const readPage = (cursor: string | undefined) =>
    client.tokens.list({ limit: 100, ...(kind && { kind }), ...(id && { id }), ...(cursor && { cursor }) });
  for await (const page of readPages(readPage)) tokens.push(...page.tokens);
  terminal.document({ tokens });
  const rows = tokens.map((each) => [
    each.tokenId,
    `${each.kind} ${each.id}`,
    each.person,
    each.lastUsedAt ?? 'never',
    describeEnd(each),
  ]);
  terminal.lines(renderTable(terminal, ['token', 'of', 'person', 'last used', 'ends'], rows));
}

const describeEnd = ({ revokedAt, revokedReason, expiresAt }: TokenView): string =>
  revokedAt === null ? (expiresAt ?? 'never') : `${revokedReason ?? 'revoked'} ${revokedAt}`;

async function issueToken(
  context: CommandContext,
  kind: SubjectKind,
  id: string,
  { person, expires, ...output }: IssueOptions,
): Promise<void> {
  const terminal = context.terminal(output);
  const input = { ...(person && { person }), ...(expires && { expiresIn: expires }) };
  const issued = await connect(context.config(), sayRetries(terminal)).identity.issueToken(kind, id, input);
  terminal.lines(
    renderPairs(terminal, [
      ['token', issued.token ?? ''],
      ['token id', issued.tokenId ?? ''],
      ['expires', issued.expiresAt ?? 'never'],
    ]),
  );
  terminal.line('The token is shown this once.');
  terminal.document(issued);
}

async function revokeToken(context: CommandContext, tokenId: string, options: OutputOptions): Promise<void> {
  const terminal = context.terminal(options);
  const token = await connect(context.config(), sayRetries(terminal)).tokens.revoke(tokenId);
  terminal.line(`The token ${token.tokenId} of ${token.kind} ${token.id} is revoked.`);
  terminal.document(token);
}
