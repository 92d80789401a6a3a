import { connect } from 'node:net';
import { createHttpHost, devServerCommand, probeTemporal } from '../../temporal/devServer';
import { ensureTool } from '../../tools/install';
import type { ComponentSpec } from '../component';
import {
  buildAddress,
  chooseBindHost,
  inState,
  locateLogFile,
  buildUrl,
  type StackContext,
} from '../context';

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
      await probeTcp(address);
      return { origin: `given by TEMPORAL_ADDRESS, namespace ${namespace}` };
    },
  };
}

function ownServer(context: StackContext): ComponentSpec {
  const { config, ports } = context;
  const address = buildAddress(context, 'temporal');
  const logFile = locateLogFile(context, 'temporal');
  const httpHost = createHttpHost();
  let program = '';
  return {
    kind: 'service',
    name: 'temporal',
    title: 'Temporal server',
    dependsOn: [],
    address,
    logFile,
    deadlineMs: config.healthDeadlineMs,
    graceMs: 10_000,
    prepare: async (say) => {
      const tool = await ensureTool('temporal-cli', say);
      program = tool.path;
      return { origin: tool.origin, version: tool.version };
    },
    command: async () =>
      devServerCommand({
        program,
        host: chooseBindHost(context, 'temporal'),
        port: ports.temporal ?? 0,
        httpPort: ports.temporalHttp ?? 0,
        httpHost,
        uiPort: ports.temporalUi,
        codecUrl: config.payloadKeys && buildUrl(context, 'codec'),
        namespace: config.temporalNamespace,
        dbFile: inState(context, 'temporal', 'temporal.db'),
        logFile,
      }),
    probe: () => probeTemporal(buildUrl(context, 'temporalHttp'), config.temporalNamespace, httpHost),
  };
}

/** A cluster of the user's own may want keys that only API and worker hold; their readiness asks it in earnest. */
function probeTcp(address: string): Promise<void> {
  const [host, port] = [address.replace(/:\d+$/, ''), Number(/:(\d+)$/.exec(address)?.[1] ?? 7233)];
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 5_000 }, () => resolve(void socket.destroy()));
    socket.once('timeout', () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once('error', reject);
  });
}
