import { Command, Option } from 'commander';
import { refuseInvalid } from '../../core/releases/precheck';
import type { Channel } from '../../contracts/plugin';
import type { CommandContext, OutputOptions } from '../context';
import { precheckFolder } from '../publish/precheck';
import { packUnsigned, packageFolder, signPackage } from '../publish/pack';
import { formatBytes } from '../terminal/plain';
import { createStages } from '../terminal/stages';
import { renderPairs } from '../terminal/table';
import { channelOption, folderArgument, notesOption, pathFrom, withOutput } from './options';

interface Options extends OutputOptions {
  channel?: Channel;
  notes?: string;
  out?: string;
}

export function packCommand(context: CommandContext): Command {
  return withOutput(new Command('pack'))
    .addArgument(folderArgument())
    .addOption(channelOption())
    .addOption(notesOption())
    .addOption(new Option('--out <folder>', 'output folder (default: .px-plugin/packages)'))
    .action((folder: string, options: Options) => run(context, pathFrom(context, folder), options));
}

/** Builds what `publish` would send (PKG-01): same checks, same bytes, nothing leaves the machine. */
async function run(context: CommandContext, root: string, options: Options): Promise<void> {
  const terminal = context.terminal(options);
  const stages = createStages(terminal, 3);
  const { signing } = context.config();
  const notes = options.notes === undefined ? undefined : pathFrom(context, options.notes);
  const checked = await stages.run('validate', async () => {
    const submission = { root, channel: options.channel, notes };
    const { report, checked: plugin } = await precheckFolder(submission, {
      signing,
      now: context.surroundings.now(),
    });
    refuseInvalid(report);
    if (!plugin) throw new TypeError('A valid report comes with a checked plugin.');
    return { value: plugin, text: `${report.checks.length} checks passed` };
  });
  const folder = options.out === undefined ? await packageFolder(root) : pathFrom(context, options.out);
  const unsigned = await stages.run('package', async (say) => {
    const onProgress = (done: { bytes: number; totalBytes: number }) => say(done.bytes / done.totalBytes);
    return { value: await packUnsigned(checked, folder, onProgress), text: 'packed' };
  });
  const built = await stages.run('sign', async () => {
    const value = await signPackage(checked, unsigned);
    return { value, text: `signed by ${checked.signer.fingerprint}` };
  });
  terminal.lines(
    renderPairs(terminal, [
      ['package', built.path],
      [
        'size',
        `${formatBytes(built.bytes)} of ${built.fileCount} files (${formatBytes(built.uncompressedBytes)})`,
      ],
      ['sha256', built.sha256],
      ['signature', built.signaturePath],
      ['integrity', built.integrityPath],
    ]),
  );
  const { upload, ...facts } = built;
  terminal.document({ ...facts, parts: upload.parts.length });
}
