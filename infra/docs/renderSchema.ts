import type { ForeignKey, Policy, SchemaColumn, SchemaTable } from './readSchema';

const INTRODUCTION = `# Database schema

What the migrations make, drawn by domain as [architecture.md](architecture.md#domains) has them. A column marked \`PK\`
is part of the primary key, one marked \`FK\` of a foreign key; "nullable" is said where a value may be missing. Tables of
other domains that a foreign key leads to are drawn by their name alone.

Under forced row-level security a role sees and writes the rows that a policy shows it, within its grants; decision
[21](decisions/0021-database-roles.md) says who connects as which role.

This page is made from a migrated database by \`npm run docs:schema\`; a test compares them.
`;

/** Tables that no domain has described. */
const REST = 'of the platform';

/**
 * The text of docs/schema.md, before it is formatted.
 * @param domains names of the tables that each domain describes, in the order of the page
 */
export function renderSchema(
  tables: readonly SchemaTable[],
  domains: Readonly<Record<string, readonly string[]>>,
): string {
  const described = Object.values(domains).flat();
  const rest = tables.map(({ name }) => name).filter((name) => !described.includes(name));
  const groups = { ...domains, ...(rest.length > 0 ? { [REST]: rest } : {}) };
  const sections = Object.entries(groups).map(([domain, names]) =>
    renderDomain(
      domain,
      tables.filter(({ name }) => names.includes(name)),
    ),
  );
  return [INTRODUCTION, ...sections].join('\n');
}

function renderDomain(domain: string, tables: readonly SchemaTable[]): string {
  return [
    `## ${domain}\n`,
    '```mermaid',
    'erDiagram',
    ...tables.flatMap(drawRelations),
    ...tables.flatMap(drawTable),
    '```\n',
    '| table | row-level security | policies |',
    '| --- | --- | --- |',
    ...tables.map(describeSecurity),
    '',
  ].join('\n');
}

const drawRelations = ({ name, foreignKeys }: SchemaTable): string[] =>
  foreignKeys.map(({ target, columns, isNullable, isUnique }) => {
    const line = `${isNullable ? '|o' : '||'}--${isUnique ? 'o|' : 'o{'}`;
    return `  ${target} ${line} ${name} : "${columns.join(', ')}"`;
  });

const drawTable = ({ name, columns, foreignKeys }: SchemaTable): string[] => [
  `  ${name} {`,
  ...columns.map((column) => drawColumn(column, foreignKeys)),
  '  }',
];

function drawColumn(
  { name, type, isNullable, isPrimary }: SchemaColumn,
  keys: readonly ForeignKey[],
): string {
  const isForeign = keys.some(({ columns }) => columns.includes(name));
  const marks = [isPrimary ? 'PK' : '', isForeign ? 'FK' : ''].filter((mark) => mark !== '');
  const words = [shorten(type), name, marks.join(', '), isNullable ? '"nullable"' : ''];
  return `    ${words.filter((word) => word !== '').join(' ')}`;
}

/** Mermaid takes no blanks in a type; PostgreSQL has short names for those that contain any. */
const shorten = (type: string): string =>
  type
    .replace('timestamp with time zone', 'timestamptz')
    .replace('character varying', 'varchar')
    .replace('double precision', 'float8')
    .replaceAll(' ', '_');

function describeSecurity({ name, isForced, policies }: SchemaTable): string {
  const cells = [`\`${name}\``, isForced ? 'forced' : 'none', policies.map(describePolicy).join('; ')];
  return `| ${cells.join(' | ')} |`;
}

const describePolicy = ({ name, roles, command }: Policy): string => {
  const only = command === 'ALL' ? '' : ` (${command.toLowerCase()})`;
  return `\`${name}\`${only} for ${roles.map((role) => `\`${role}\``).join(', ')}`;
};
