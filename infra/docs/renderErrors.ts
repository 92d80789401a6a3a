import { catalogueGroups } from '../../core/errors/catalogue';
import { EXIT, type CatalogueEntry } from '../../core/errors/entry';

const INTRODUCTION = `# Error codes

Every reason for which something can be refused. Codes never change: scripts may match on them. The API answers
with an RFC 9457 document (\`application/problem+json\`) that holds \`code\`, \`title\`, \`status\`, \`detail\`, \`next\`,
\`requestId\` and, in \`errors\`, every problem that was found and where it is. \`px-plugin\` prints the same, and ends
with the status in the third column. Reports of hosts and lines of the publish log name the same codes.

"ours" is a fault of the platform, which clients and workflows retry; the rest is final until somebody changes
something.

This page is made from \`core/errors/\` by \`npm run docs:errors\`; a test compares them.
`;

const meanings: Record<keyof typeof EXIT, string> = {
  refused: 'refused: change what was sent',
  usage: 'usage: the command line, a setting or a request is malformed',
  auth: 'identity: the token is missing, not valid, or does not allow this',
  conflict: 'conflict: something already exists, or is not in the right state',
  unavailable: 'unavailable: a service cannot be reached; try again',
  unfinished: 'unfinished: what was waited for has not happened in the time that was given',
};

/** The text of docs/errors.md, before it is formatted. */
export function renderErrors(): string {
  const exits = Object.entries(EXIT).map(([name, status]) =>
    row([status, meanings[name as keyof typeof EXIT]]),
  );
  return [
    INTRODUCTION,
    '## Exit statuses of `px-plugin`\n',
    ...table(['status', 'meaning'], [row([0, 'done']), ...exits]),
    '\n## Codes',
    ...Object.entries(catalogueGroups).flatMap(([heading, group]) => [
      `\n### ${heading}\n`,
      ...table(['code', 'HTTP', 'exit', 'whose', 'title', 'next step'], renderRows(group)),
    ]),
    '',
  ].join('\n');
}

const renderRows = (group: Record<string, CatalogueEntry>): string[] =>
  Object.entries(group).map(([code, { status, exit, class: whose, title, next }]) =>
    row([`\`${code}\``, status, exit, whose === 'ours' ? 'ours' : '', title, next]),
  );

const row = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => escaped(String(cell))).join(' | ')} |`;

/** A bar would end the cell; an angle bracket outside of a code span would begin a tag. */
const escaped = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .split('`')
    .map((piece, index) => (index % 2 === 0 ? piece.replaceAll('<', '\\<') : piece))
    .join('`');

const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows,
];
