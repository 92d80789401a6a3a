import { manifestSchema, type Manifest } from '../contracts/releases/manifest';
import { Refusal, problem } from '../core/errors/errors';
import { MANIFEST } from './format';
import type { OpenPackage } from './openPackage';

/**
 * The manifest of a package, parsed. What it says counts only once the package is verified.
 *
 * @throws Refusal with MANIFEST_INVALID, every field that is wrong; PACKAGE_TOO_LARGE
 */
export async function readManifest(opened: OpenPackage): Promise<Manifest> {
  const text = await opened.readText(MANIFEST, opened.limits.maxManifestBytes);
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Refusal(
    parsed.error.issues.map(({ path, message }) =>
      problem(
        'MANIFEST_INVALID',
        `${MANIFEST}: ${path.join('.') || 'the document'} ${message}.`,
        `/${path.join('/')}`,
      ),
    ),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal([problem('MANIFEST_INVALID', `${MANIFEST} is not JSON.`, MANIFEST)], { cause: error });
  }
}
