/** Which components run a built file; the pages are read from disk at every request. */
const runners: Record<string, (component: string) => boolean> = {
  'dist/api.cjs': (component) => component === 'api',
  'dist/objects.cjs': (component) => component === 'objects',
  'dist/codec.cjs': (component) => component === 'codec',
  'dist/worker.cjs': (component) => component === 'worker',
  'dist/checker.cjs': (component) => component === 'worker',
  'dist/workflows.cjs': (component) => component === 'worker',
  'dist/signer.cjs': (component) => component === 'signer',
  'dist/host-trial.cjs': () => false,
  'dist/host.cjs': (component) => component.startsWith('host-'),
};

/** The components that have to be started again when some outputs are new; each once, in the order given. */
export const listRestarts = (outputs: readonly string[], components: readonly string[]): string[] =>
  components.filter((component) => outputs.some((output) => runners[output]?.(component) ?? false));
