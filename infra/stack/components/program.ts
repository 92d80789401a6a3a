import { existsSync } from 'node:fs';
import { InfraFailure } from '../../terminal/failure';
import { probeHttp } from '../../../platform/processes/ready';
import type { Command } from '../../../platform/processes/child';
import type { PortName } from '../config';
import type { ServiceSpec } from '../component';
import { processDatabaseUrl } from './database';
import { chooseBindHost, locateLogFile, temporalAddress, buildUrl, type StackContext } from '../context';

interface ProgramOptions {
  name: PortName;
  title: string;
  entry: string;
  dependsOn: readonly string[];
  /** Read at every start, because tokens may be known only then. */
  env: () => NodeJS.ProcessEnv;
}

/** One of our own programs: it listens on its port, answers /healthz and /readyz, and ends when we are gone. */
export function programComponent(context: StackContext, options: ProgramOptions): ServiceSpec {
  const { name, title, entry, dependsOn } = options;
  return {
    kind: 'service',
    name,
    title,
    dependsOn,
    address: buildUrl(context, name),
    logFile: locateLogFile(context, name),
    deadlineMs: context.config.healthDeadlineMs,
    graceMs: 10_000,
    prepare: async () => {
      if (!existsSync(entry)) throw new InfraFailure(title, `${entry} is not built`, 'npm run build');
      return { origin: 'this repository' };
    },
    command: async () => nodeCommand(context, name, entry, listening(context, name, options.env())),
    probe: () => probeHttp(`${buildUrl(context, name)}/readyz`),
  };
}

/** How to run a built file of ours with nothing of the user's environment but what programs need. */
export function nodeCommand(
  context: StackContext,
  name: string,
  entry: string,
  env: NodeJS.ProcessEnv,
): Command {
  const { config } = context;
  return {
    file: process.execPath,
    args: ['--enable-source-maps', entry],
    env: {
      ...config.inherited,
      NODE_ENV: 'production',
      LOG_LEVEL: config.logLevel,
      SPILLWAY_EXIT_WITH_PARENT: '1',
      ...env,
    },
    logFile: locateLogFile(context, name),
    stopSignal: 'SIGTERM',
    endsWithParent: true,
  };
}

function listening(context: StackContext, name: PortName, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { HOST: chooseBindHost(context, name), PORT: String(context.ports[name]), ...env };
}

/** Settings that API and worker share; each connects to the database in its own role. */
export function serverSettings(context: StackContext, name: 'api' | 'worker'): NodeJS.ProcessEnv {
  const { config } = context;
  return {
    ...config.inheritedByServers,
    DATABASE_URL: processDatabaseUrl(context, name),
    TEMPORAL_ADDRESS: temporalAddress(context),
    TEMPORAL_NAMESPACE: config.temporalNamespace,
    SPILLWAY_PAYLOAD_KEYS: config.payloadKeys,
    SPILLWAY_OBJECTS_DRIVER: config.objectsDriver,
    ...(config.objectsDriver === 'filesystem' ? folderObjectsSettings(context) : {}),
  };
}

function folderObjectsSettings(context: StackContext): NodeJS.ProcessEnv {
  return { ...objectsFolder(context), SPILLWAY_OBJECTS_URL: buildUrl(context, 'objects') };
}

export function objectsFolder({ config, secrets }: StackContext): NodeJS.ProcessEnv {
  return {
    SPILLWAY_OBJECTS_DIR: `${config.stateDir}/objects`,
    SPILLWAY_OBJECTS_SECRET: secrets.objectsSecret,
  };
}

/**
 * Keeps API and worker below 200 MB while packages of any size pass: buffers of a stream are short-lived, and both the
 * garbage collector and glibc would otherwise keep their memory for later.
 */
export const frugal = {
  NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=1',
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
