import { devServerCommand, probeTemporal } from '../../temporal/devServer';
import { ensureTool } from '../../tools/install';
import type { ComponentSpec } from '../component';
import { addressOf, inState, logFileOf, type StackContext } from '../context';

/** Temporal: the cluster that `TEMPORAL_ADDRESS` names, else the development server with its UI and a database file. */
export function temporalComponent(context: StackContext): ComponentSpec {
  const { config } = context;
  return config.temporalAddress
    ? givenCluster(config.temporalAddress, config.temporalNamespace)
    : ownServer(context);
}

function givenCluster(address: string, namespace: string): ComponentSpec {
  return {
    kind: 'task',
    name: 'temporal',
    title: 'Temporal',
    dependsOn: [],
    address,
    run: async () => {
      await probeTemporal(address, namespace);
      return { origin: 'given by TEMPORAL_ADDRESS' };
    },
  };
}

function ownServer(context: StackContext): ComponentSpec {
  const { config, ports } = context;
  const address = addressOf(context, 'temporal');
  const logFile = logFileOf(context, 'temporal');
  let program = '';
  return {
    kind: 'service',
    name: 'temporal',
    title: 'Temporal server',
    dependsOn: [],
    address,
    logFile,
    deadlineMs: 60_000,
    graceMs: 10_000,
    prepare: async (say) => {
      const tool = await ensureTool('temporal-cli', say);
      program = tool.path;
      return { origin: tool.origin, version: tool.version };
    },
    command: async () =>
      devServerCommand({
        program,
        host: config.bindHost,
        port: ports.temporal ?? 0,
        uiPort: ports.temporalUi,
        namespace: config.temporalNamespace,
        dbFile: inState(context, 'temporal', 'temporal.db'),
        logFile,
      }),
    probe: () => probeTemporal(address, config.temporalNamespace),
  };
}
