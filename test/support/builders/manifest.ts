export const PLUGIN = 'com.example.notes';

/** A manifest as an author writes it, before it is parsed. */
export interface ManifestSource {
  id: string;
  name: string;
  version: string;
  permissions: string[];
  runtime: {
    kind?: 'process' | 'library';
    entry: string;
    health?: { script: string; timeoutSeconds?: number };
  };
  min_core?: string;
}

/** A manifest of a plugin with a health check; `over` replaces whole fields. */
export const createManifest = (over: Partial<ManifestSource> = {}): ManifestSource => ({
  id: PLUGIN,
  name: 'Notes',
  version: '1.0.0',
  permissions: ['notes.page.read'],
  runtime: { kind: 'process', entry: 'dist/index.js', health: { script: 'dist/health.cjs' } },
  ...over,
});
