import { Command } from 'commander';
import { plural } from '../../core/plural';
import { Refusal, problem } from '../../core/errors/errors';
import type { CommandContext, OutputOptions } from '../context';
import type { Finding } from '../doctor/finding';
import { checkMachine } from '../doctor/machine';
import { checkMarketplace } from '../doctor/marketplace';
import { checkStack } from '../doctor/stack';
import { checkSandbox } from '../doctor/sandbox';
import { checkTools } from '../doctor/tools';
import { trySigner } from '../signing/signer';
import { ShownRefusal } from '../terminal/problems';
import { renderTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { withOutput } from './options';

export function doctorCommand(context: CommandContext): Command {
  return withOutput(new Command('doctor')).action((options: OutputOptions) => run(context, options));
}

/** Changes nothing. Exit status 0 means that everything that publishing needs is there. */
async function run(context: CommandContext, options: OutputOptions): Promise<void> {
  const config = context.config();
  const terminal = context.terminal(options);
  const [machine, stack, tools, sandbox] = await Promise.all([
    checkMachine(config, context.surroundings.now()),
    checkStack(config.stateDir),
    checkTools(context.surroundings.home),
    checkSandbox(context.surroundings.home),
  ]);
  const now = context.surroundings.now();
  const { signer } = await trySigner(config.signing, now);
  const fingerprint = signer?.fingerprint;
  const marketplace = await checkMarketplace(config, { hint: stack.api, fingerprint, now });
  const findings = [...machine, ...marketplace, ...stack.findings, ...tools, ...sandbox];
  const lacking = findings.filter((each) => each.needed && !each.there);
  terminal.document({ ok: lacking.length === 0, components: findings });
  if (!terminal.json) show(terminal, findings, lacking.length);
  if (lacking.length === 0) return;
  throw new ShownRefusal(
    new Refusal(lacking.map((each) => problem('COMPONENT_MISSING', `${each.component}: ${each.next}`))),
  );
}

function show(terminal: Terminal, findings: readonly Finding[], lacking: number): void {
  const rows = findings.map((each) => [
    each.there ? terminal.paint('green', 'found') : terminal.paint(each.needed ? 'red' : 'yellow', 'missing'),
    each.needed ? 'yes' : 'no',
    each.component,
    each.version ?? '-',
    each.origin,
  ]);
  terminal.lines(renderTable(terminal, ['', 'needed', 'component', 'version', 'from'], rows));
  for (const each of findings.filter((one) => !one.there)) {
    terminal.line(`${each.component}: ${each.next}`);
  }
  terminal.line(
    lacking === 0
      ? 'Everything needed for publishing is available.'
      : `Publishing needs ${plural(lacking, 'more component')}.`,
  );
}
