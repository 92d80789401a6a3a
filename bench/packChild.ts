import { createPackage } from '../pxp/createPackage';
import { generateSigningKey, signDetached } from '../pxp/signing';
import { peakRssBytes } from './peakMemory';

/** Packs one folder in a process of its own, so that its peak memory is its own. Prints JSON. */
async function main([root, outputPath]: readonly string[]): Promise<void> {
  if (!root || !outputPath) throw new TypeError('Usage: packChild <folder> <package>');
  const key = await generateSigningKey({ name: 'Benchmark', email: 'bench@example.com' });
  const manifest = { id: 'com.example.bench', name: 'Bench', version: '1.0.0', permissions: [] };
  const built = await createPackage({
    root,
    outputPath,
    manifest,
    sign: (bytes) => signDetached(bytes, key.privateKeyArmored),
  });
  process.stdout.write(JSON.stringify({ bytes: built.bytes, peakRssBytes: peakRssBytes() }));
}

void main(process.argv.slice(2));
