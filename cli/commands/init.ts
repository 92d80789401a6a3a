import path from 'node:path';
import { Command, Option } from 'commander';
import type { CommandContext, OutputOptions } from '../context';
import { initPlugin } from '../init/initPlugin';
import { renderPairs } from '../terminal/table';
import { withOutput } from './options';

interface Options extends OutputOptions {
  from: string;
  out?: string;
  id?: string;
  setVersion?: string;
  force?: boolean;
}

export function initCommand(context: CommandContext): Command {
  return withOutput(new Command('init'))
    .addOption(
      new Option('--from <source>', 'a folder, or an npm package such as name@1.2.3').makeOptionMandatory(),
    )
    .addOption(new Option('--out <folder>', 'plugin folder to create (default: <name>-<version>)'))
    .addOption(new Option('--id <id>', 'plugin id (default: derived from package.json)'))
    .addOption(new Option('--set-version <version>', 'version (default: the version of the source)'))
    .addOption(
      new Option('--force', 'replace the plugin folder if it exists, and keep the old one beside it'),
    )
    .action((options: Options) => run(context, options));
}

async function run(context: CommandContext, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const { cwd } = context.surroundings;
  const { folder, manifest, idOrigin, files, notes, leftBehind, backup } = await initPlugin({
    from: options.from,
    cwd,
    out: options.out,
    id: options.id,
    version: options.setVersion,
    force: options.force ?? false,
    cacheDir: context.config().cacheDir,
  });
  terminal.lines(
    renderPairs(terminal, [
      ['plugin', `${manifest.id} ${manifest.version}`],
      ...(idOrigin === 'placeholder' ? [['id', PLACEHOLDER] satisfies [string, string]] : []),
      ['folder', path.relative(cwd, folder) || '.'],
      ['entry', manifest.runtime.entry],
      ['files', `${files} under dist/`],
      ['changelog', notes === 'own' ? "the package's own" : 'generated; describe the changes for users'],
      ...(leftBehind.length === 0
        ? []
        : [['left behind', describeSecrets(leftBehind)] satisfies [string, string]]),
      ...(backup === undefined
        ? []
        : [['kept', `what was there, in ${path.relative(cwd, backup)}`] satisfies [string, string]]),
      ['next', `px-plugin precheck ${path.relative(cwd, folder) || '.'}`],
    ]),
  );
  terminal.document({ folder, manifest, idOrigin, files, notes, leftBehind, backup });
}

/** An id belongs to its first publisher for good, so a placeholder must not be published unseen. */
const PLACEHOLDER =
  'a placeholder: put an id of your own into plugin.yaml and manifest.json, or run init again with --id';

const MAX_NAMED = 5;

/** A few by name, and how many more. */
function describeSecrets(files: readonly string[]): string {
  const more = files.length - MAX_NAMED;
  const named = files.slice(0, MAX_NAMED).join(', ');
  return `${named}${more > 0 ? ` and ${more} more` : ''}: such files may hold credentials`;
}
