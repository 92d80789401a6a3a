import { catalogue, EXIT, type CatalogueEntry } from '../../core/errors/catalogue';

const INTRODUCTION = `# Error codes

Everything that a person can be refused with. A code is stable for good: scripts may match on it. The API answers
with an RFC 9457 document (\`application/problem+json\`) that holds \`code\`, \`title\`, \`status\`, \`detail\`, \`next\`,
\`requestId\` and, in \`errors\`, every problem that was found and where it is. \`px-plugin\` prints the same, and ends
with the status in the third column. Reports of hosts and lines of the publish log name the same codes.

"ours" is trouble of the platform, which clients and workflows retry; the rest is final until somebody changes
something.

This page is made from \`core/errors/catalogue.ts\` by \`npm run docs:errors\`; a test compares them.
`;

const meanings: Record<keyof typeof EXIT, string> = {
  refused: 'refused: something in what was sent must be changed',
  usage: 'usage: the command line, a setting or a request has the wrong form',
  auth: 'identity: the token is missing, not valid, or may not do this',
  conflict: 'conflict: something else is there already, or the moment is wrong',
  unavailable: 'unavailable: a component cannot be reached; try again',
};

/** The text of docs/errors.md, before it is formatted. */
export function renderErrors(): string {
  const exits = Object.entries(EXIT).map(([name, status]) =>
    row([status, meanings[name as keyof typeof EXIT]]),
  );
  const codes = Object.entries<CatalogueEntry>(catalogue).map(([code, entry]) =>
    row([
      `\`${code}\``,
      entry.status,
      entry.exit,
      entry.class === 'ours' ? 'ours' : '',
      entry.title,
      entry.next,
    ]),
  );
  return [
    INTRODUCTION,
    '## Exit statuses of `px-plugin`\n',
    ...table(['status', 'meaning'], [row([0, 'done']), ...exits]),
    '\n## Codes\n',
    ...table(['code', 'HTTP', 'exit', 'whose', 'title', 'next step'], codes),
    '',
  ].join('\n');
}

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
