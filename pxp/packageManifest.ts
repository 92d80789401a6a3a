import { manifestSchema, type Manifest } from '../contracts/releases/manifest';
import { canonicalJson } from '../core/canonicalJson';
import { Refusal, problem, refusal, refuseIfAny, type ErrorCode } from '../core/errors/errors';
import { compareDescriptions } from '../core/releases/agreement';
import { parseStrictJson } from '../core/strictJson';
import { MANIFEST, PLUGIN_YAML } from './format';
import type { OpenPackage } from './openPackage';
import { readYaml } from './yaml';

/**
 * The manifest of a package, parsed. What it says counts only once the package is verified. Of equal
 * manifests there is one spelling, so that no two readers can read two different ones.
 *
 * @throws Refusal with MANIFEST_INVALID, every field that is wrong; PACKAGE_TOO_LARGE
 */
export async function readManifest(opened: OpenPackage): Promise<Manifest> {
  const text = await opened.readText(MANIFEST, opened.limits.maxManifestBytes);
  const read = parseStrictJson(text);
  if ('fault' in read) throw refusal('MANIFEST_INVALID', `${MANIFEST} ${read.fault}.`, MANIFEST);
  const manifest = parseManifest(read.value, MANIFEST, 'MANIFEST_INVALID');
  if (text === canonicalJson(read.value)) return manifest;
  const detail = `${MANIFEST} is not spelled as the format wants it: sorted keys, two blanks, a line feed.`;
  throw refusal('MANIFEST_INVALID', detail, MANIFEST);
}

/**
 * Holds plugin.yaml, where a package has one, against its manifest.
 *
 * @throws Refusal with PLUGIN_YAML_INVALID, or PRECHECK_MANIFEST_MISMATCH for every field that differs
 */
export async function checkPluginYaml(opened: OpenPackage, manifest: Manifest): Promise<void> {
  if (!opened.has(PLUGIN_YAML)) return;
  const read = readYaml(await opened.readText(PLUGIN_YAML, opened.limits.maxManifestBytes));
  if ('faults' in read) {
    const faults = read.faults.map(({ message }) => `${PLUGIN_YAML}: ${message}.`);
    throw new Refusal(faults.map((each) => problem('PLUGIN_YAML_INVALID', each, PLUGIN_YAML)));
  }
  const described = parseManifest(read.value, PLUGIN_YAML, 'PLUGIN_YAML_INVALID');
  refuseIfAny(compareDescriptions(manifest, described));
}

function parseManifest(value: unknown, name: string, code: ErrorCode): Manifest {
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    parsed.error.issues.map(({ path, message }) =>
      problem(code, `${name}: ${path.join('.') || 'the document'} ${message}.`, `/${path.join('/')}`),
    ),
  );
}
