import path from 'node:path';
import { buildAll, repositoryRoot } from '../build/build';
import { identifyProcess } from '../../platform/processes/identity';
import type { Lock } from '../../platform/lock';
import type { Progress } from '../terminal/progress';
import { choosePorts } from './choosePorts';
import type { ComponentHooks, Component } from './component';
import type { PortName, StackConfig } from './config';
import { listAddresses, builtEntries, type Entries, type StackContext } from './context';
import { createComponents } from './createComponents';
import { claimStateFormat } from './stateFormat';
import { emptyState, keepPreviousLogs, lockState, reapLeftovers } from './stateFolder';
import { startInOrder, type Timings } from './startInOrder';
import {
  ensureSecrets,
  makePrivateFolders,
  makeStateDir,
  readStackRecord,
  writeJson,
  writeSecrets,
  writeStackRecord,
  type StackAddresses,
  type StackRecord,
  type StackSecrets,
} from './state';

export interface StackOptions {
  config: StackConfig;
  progress: Progress;
  /** Lines about the running stack (what died, what is back); to the progress by default. */
  announce?: ((line: string) => void) | undefined;
  /** Stops a start that is under way. */
  signal?: AbortSignal | undefined;
  /** Other programs than the built ones; nothing is built then. */
  entries?: Entries;
}

export interface Stack {
  addresses: StackAddresses;
  secrets: StackSecrets;
  timings: Timings;
  components: readonly Component[];
  /** Sends a signal to a component's process; it is started again like after any death. */
  kill(name: string, signal: NodeJS.Signals): void;
  /** Returns once the component's health check passes again. */
  untilReady(name: string): Promise<void>;
  /** Stops everything in reverse order; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Brings up the whole stack over its state folder and keeps it up until `stop`.
 * @throws InfraFailure naming the component, its log file and the next step; nothing is left running then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { config, progress } = options;
  if (!options.entries) await buildAll(progress);
  makeStateDir(config.stateDir);
  const lock = await lockState(config.stateDir);
  try {
    if (!config.isFresh) claimStateFormat(config.stateDir);
    const before = readStackRecord(config.stateDir);
    await reapLeftovers(before, progress);
    if (config.isFresh) {
      await emptyState(config);
      claimStateFormat(config.stateDir);
    }
    return await startLocked(options, lock, config.isFresh ? undefined : before);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startLocked(
  options: StackOptions,
  lock: Lock,
  before: StackRecord | undefined,
): Promise<Stack> {
  const { config, progress } = options;
  const context = await createContext(options, before);
  const addresses = listAddresses(context);
  const record: StackRecord = {
    startedAt: new Date().toISOString(),
    supervisor: identifyProcess(process.pid),
    ports: context.ports,
    addresses,
    components: [],
  };
  const hooks: ComponentHooks = {
    announce: options.announce ?? progress.line,
    changed: () => writeStackRecord(config.stateDir, record),
  };
  makePrivateFolders(config.stateDir);
  await keepPreviousLogs(path.join(config.stateDir, 'logs'));
  const components = createComponents(context, hooks);
  record.components = components.map((component) => component.record);
  const stop = once(async () => {
    await stopInReverse(components);
    record.supervisor = undefined;
    hooks.changed();
    await lock.release();
  });
  try {
    const timings = await startInOrder(components, progress, options.signal);
    writeJson(path.join(config.stateDir, 'startup.json'), { ...timings, isWarm: before !== undefined });
    return { addresses, secrets: context.secrets, timings, components, stop, ...createControls(components) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function createControls(components: readonly Component[]): Pick<Stack, 'kill' | 'untilReady'> {
  const find = (name: string): Component => {
    const component = components.find((candidate) => candidate.name === name);
    if (component) return component;
    throw new Error(
      `no component ${name}; there are ${components.map((candidate) => candidate.name).join(', ')}`,
    );
  };
  return {
    kill: (name, signal) => {
      if (!find(name).kill(signal)) throw new Error(`${name} has no running process`);
    },
    untilReady: (name) => find(name).untilReady(),
  };
}

async function createContext({ config, entries }: StackOptions, before?: StackRecord): Promise<StackContext> {
  const hosts = config.tenants.map((tenant): PortName => `host-${tenant}`);
  const names: PortName[] = [
    'api',
    'objects',
    'codec',
    'worker',
    'signer',
    'temporal',
    'temporalHttp',
    'temporalUi',
    'postgres',
    ...hosts,
  ];
  const remembered = before?.ports ?? {};
  const ports = await choosePorts({ host: config.bindHost, names, asked: config.ports, remembered });
  const secrets = ensureSecrets(config.stateDir);
  const keepSecrets = (): void => writeSecrets(config.stateDir, secrets);
  return { config, entries: entries ?? builtEntries(repositoryRoot), ports, secrets, keepSecrets };
}

async function stopInReverse(components: readonly Component[]): Promise<void> {
  const remaining = new Set(components.map((component) => component.name));
  while (remaining.size > 0) {
    const needed = new Set(
      components.filter(({ name }) => remaining.has(name)).flatMap(({ dependsOn }) => dependsOn),
    );
    const free = components.filter(({ name }) => remaining.has(name) && !needed.has(name));
    await Promise.all(free.map((component) => component.stop()));
    for (const { name } of free) remaining.delete(name);
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}
