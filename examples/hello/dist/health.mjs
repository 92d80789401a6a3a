// A host runs this after each switch of versions; exit status 0 is healthy. It is told by
//   PX_PLUGIN_ENTRY    the absolute path of the entry file
//   PX_PLUGIN_DATA     a folder of the plugin's own, which survives upgrades
//   PX_PLUGIN_VERSION  the version that was switched to
// It uses the plugin on its real data, so that an upgrade that cannot read them fails here.
import { pathToFileURL } from 'node:url';

const { PX_PLUGIN_ENTRY: entry, PX_PLUGIN_DATA: data, PX_PLUGIN_VERSION: version } = process.env;

try {
  const { greet } = await import(pathToFileURL(entry).href);
  process.stdout.write(`${greet(`version ${version}`, data)}\n`);
} catch (error) {
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
