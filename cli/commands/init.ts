import { Command, Option } from 'commander';
import type { CommandContext, OutputOptions } from '../context';
import { detectSandbox } from '../../host/sandbox/detect';
import { dependencyChoices, type DependencyChoice } from '../init/dependencies';
import { initPlugin } from '../init/initPlugin';
import { describeMade } from '../init/report';
import { renderPairs } from '../terminal/table';
import { withOutput } from './options';

interface Options extends OutputOptions {
  from: string;
  out?: string;
  id?: string;
  setVersion?: string;
  force?: boolean;
  dependencies: DependencyChoice;
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
    .addOption(
      new Option('--dependencies <how>', 'vendor them, or say that the host provides them')
        .choices(dependencyChoices)
        .default('vendor'),
    )
    .action((options: Options) => run(context, options));
}

async function run(context: CommandContext, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const { cwd, env } = context.surroundings;
  const containment = await detectSandbox(env);
  const isContained = containment.sandbox.strength === 'strong';
  const made = await initPlugin({
    from: options.from,
    cwd,
    out: options.out,
    id: options.id,
    version: options.setVersion,
    force: options.force ?? false,
    cacheDir: context.config().cacheDir,
    dependencies: options.dependencies,
    // Code of strangers runs where it is contained, and nowhere else.
    sandbox: isContained ? containment.sandbox : undefined,
  });
  terminal.lines(renderPairs(terminal, describeMade(made, cwd, containment)));
  terminal.document(made);
}
