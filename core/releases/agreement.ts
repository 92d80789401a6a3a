import { problem, type Problem } from '../errors/errors';
import type { PluginFacts } from './precheckFacts';

/** What both files say of a plugin, as texts: who it is, what it may do, and what of it is run. */
const listStatements = ({ id, name, version, permissions, runtime }: PluginFacts): [string, string][] => [
  ['id', id],
  ['name', name ?? ''],
  ['version', version],
  ['permissions', [...permissions].sort().join(', ') || '(none)'],
  ['runtime.entry', runtime.entry],
  ['runtime.health.script', runtime.health?.script ?? '(none)'],
];

/**
 * Where plugin.yaml says something else than manifest.json (requirement C33). The same comparison is made of
 * a plugin folder by the command line, and of what is really in a package by the marketplace and by hosts:
 * whoever reads either file reads the same plugin.
 */
export function compareDescriptions(manifest: PluginFacts, pluginYaml: PluginFacts): Problem[] {
  const others = new Map(listStatements(pluginYaml));
  return listStatements(manifest)
    .filter(([field, text]) => others.get(field) !== text)
    .map(([field, text]) => {
      const detail = `${field} is "${text}" in manifest.json and "${others.get(field)}" in plugin.yaml.`;
      return problem('PRECHECK_MANIFEST_MISMATCH', detail, `/${field.replaceAll('.', '/')}`);
    });
}
