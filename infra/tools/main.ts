import { parseArgs } from 'node:util';
import { getErrorMessage } from '../../core/errors/thrown';
import { progressFor, type Step } from '../terminal/progress';
import { isToolName, tools, type ToolName } from './catalogue';
import { ensureTool, findTool } from './install';

/** `npm run tools -- [names] [--check] [--json]`: installs the server tools, or only says what is there. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const names = namesFrom(positionals);
  if (values.check) return report(names, values.json);
  await progressFor().steps(names.map(installStep));
}

function namesFrom(given: string[]): ToolName[] {
  const unknown = given.filter((name) => !isToolName(name));
  if (unknown.length > 0)
    throw new Error(`unknown: ${unknown.join(', ')}; known: ${Object.keys(tools).join(', ')}`);
  return given.length > 0 ? given.filter(isToolName) : (Object.keys(tools) as ToolName[]);
}

function installStep(name: ToolName): Step {
  return {
    title: tools[name].title,
    run: async (say) => {
      const found = await ensureTool(name, say);
      return `${tools[name].title} ${found.version} · ${found.origin}`;
    },
  };
}

/** One object a tool: `path`, `version` and `origin` when it is there, else `nextStep`. Status 1 if one is missing. */
async function report(names: ToolName[], asJson: boolean): Promise<void> {
  const rows = await Promise.all(
    names.map(async (name) => ({ ...describe(name), ...(await findTool(name)) })),
  );
  const present = rows.map(({ nextStep, ...row }) => ('path' in row ? row : { ...row, nextStep }));
  const line = (row: (typeof present)[number]): string =>
    'path' in row
      ? `${row.title} ${row.version} · ${row.origin}`
      : `${row.title}: missing; npm run tools -- ${row.name}`;
  process.stdout.write(`${asJson ? JSON.stringify(present, null, 2) : present.map(line).join('\n')}\n`);
  if (present.some((row) => !('path' in row))) process.exitCode = 1;
}

const describe = (name: ToolName) => ({
  name,
  title: tools[name].title,
  pinned: tools[name].version,
  nextStep: `npm run tools -- ${name}, or set ${tools[name].setting} to a program of your own`,
});

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});
