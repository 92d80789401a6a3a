'use strict';
// A host runs this after each switch of versions; exit status 0 is healthy. It is told by
//   PX_PLUGIN_ENTRY    the absolute path of the entry file
//   PX_PLUGIN_DATA     a folder of the plugin's own, which survives upgrades
//   PX_PLUGIN_VERSION  the version that was switched to
// It uses the plugin on its real data, so that an upgrade that cannot read them fails here.
try {
  const { greet } = require(process.env.PX_PLUGIN_ENTRY);
  console.log(greet(`version ${process.env.PX_PLUGIN_VERSION}`, process.env.PX_PLUGIN_DATA));
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
