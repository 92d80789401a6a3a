import { getErrorMessage } from '../../core/errors/thrown';
import { InfraFailure } from '../terminal/failure';
import type { Component, ComponentHooks, TaskSpec } from './component';
import type { ComponentRecord } from './state';

/** Work done once at every start, shown and timed like a service. */
export function createTask(spec: TaskSpec, hooks: ComponentHooks): Component {
  const { name, title, dependsOn, address, logFile } = spec;
  const record: ComponentRecord = {
    name,
    title,
    origin: '',
    state: 'waiting',
    address,
    logFile,
    restarts: 0,
  };
  const set = (change: Partial<ComponentRecord>): void => {
    Object.assign(record, change);
    hooks.changed();
  };
  return {
    name,
    title,
    dependsOn,
    record,
    start: async (say) => {
      set({ state: 'starting' });
      try {
        set({ ...(await spec.run(say)), state: 'ready' });
      } catch (error) {
        set({ state: 'failed' });
        if (error instanceof InfraFailure) throw error;
        throw new InfraFailure(title, getErrorMessage(error), 'correct this, then start again', logFile);
      }
    },
    stop: async () => set({ state: 'stopped' }),
    kill: () => false,
    untilReady: async () => undefined,
  };
}
