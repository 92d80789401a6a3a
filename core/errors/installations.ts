import { entry, EXIT, ours, type CatalogueEntry } from './entry';

/** What a host meets. */
// prettier-ignore
export const installationsErrors = {
  INSTALL_SOURCE_REFUSED: entry(422, EXIT.refused, 'Packages from this address are not allowed', 'Use an https address of a public host, or add the origin to the allowed origins.'),
  TRUST_INVALID: entry(422, EXIT.refused, 'What the marketplace states is not what was signed', 'Nothing was installed. Ask the operator of the marketplace; if it goes on, somebody else may be answering in its name.'),
  TRUST_EXPIRED: entry(422, EXIT.refused, 'What was signed is too old', 'Nothing new is installed until the marketplace is reachable and its signer runs.'),
  TRUST_CLOCK: entry(422, EXIT.refused, 'The clock of the host went back', 'Set the clock, then start the host again.'),
  NOT_ENDORSED: entry(422, EXIT.refused, 'The version is not among those that were signed', 'Install a version that the list of the plugin has.'),
  TRUST_KEY_UNUSABLE: entry(422, EXIT.refused, 'A signing key cannot be used', 'Make or replace the key as docs/trust.md describes.'),
  TRUST_CEREMONY_DONE: entry(409, EXIT.conflict, 'There is a root already', 'Rotate its keys instead; docs/trust.md says how.'),
  TRUST_USAGE: entry(400, EXIT.usage, 'The command on signing keys is not complete', 'Run npm run trust without arguments; it prints what there is.'),
  TRUST_THRESHOLD: entry(422, EXIT.refused, 'Too few root keys are at hand', 'Bring the root keys of more of their holders.'),
  INSTALL_FAILED: entry(422, EXIT.refused, 'The installation failed', 'Read the job log; the previous version is active.'),
  INSTALL_BUSY: entry(409, EXIT.conflict, 'Another job of the plugin is running', 'Wait until the running job has finished.'),
  INSTALL_BACKUP_MISSING: entry(409, EXIT.refused, 'No backup could be made', 'Free disk space and try again; nothing was switched.'),
  HOST_INCOMPATIBLE: entry(422, EXIT.refused, 'The plugin does not support this version of the host', 'Update the host, or use a version of the plugin whose range includes it.'),
  HOST_DISK_FULL: entry(507, EXIT.refused, 'The disk of the host is full', 'Free space on the disk of the host; the version is then installed by itself.'),
  HOST_CLOCK: entry(422, EXIT.refused, 'The clock of the host is wrong', 'Set the clock of the host, by a time server where possible; the version is then installed by itself.'),
  HOST_SANDBOX: entry(422, EXIT.refused, 'The host cannot run plugins in its sandbox', 'Run spillway-host doctor on the machine of the host; the version is then installed by itself.'),
  HOST_POLICY: entry(422, EXIT.refused, 'The settings of the host do not allow the package', 'Change the named setting of the host if the version is wanted.'),
  HOST_STOPPED: entry(422, EXIT.refused, 'The host was stopped during the installation', 'Start the host again; it goes on by itself.'),
  DOWNLOAD_CORRUPTED: ours(502, 'The package arrived damaged', 'It is fetched again by itself. If it goes on, look at the proxies and disks between the object store and the host.'),
  DOWNLOAD_FAILED: ours(503, 'The package could not be downloaded', 'It is fetched again by itself. If it goes on, look at the network between the object store and the host.'),
  HEALTH_CHECK_FAILED: entry(422, EXIT.refused, "The plugin's health check failed", 'Read the output of the health check in the job log; the previous version is active.'),
  PACKAGE_IDENTITY: entry(422, EXIT.refused, 'The package contains another plugin or version than announced', 'Install it under the id and version in its manifest.'),
  PUBLISHER_CHANGED: entry(409, EXIT.refused, 'The plugin now comes from another publisher', 'If you know about the change of ownership, remove the plugin and install it again.'),
  PLUGIN_NOT_INSTALLED: entry(404, EXIT.refused, 'The plugin is not installed', 'Check the list of installed plugins.'),
  HOST_STORAGE: entry(507, EXIT.refused, 'The host cannot write its files', 'Make room on the disk of the host, or make its folder writable again; the host then goes on by itself.'),
  HOST_FOLDER_BUSY: entry(409, EXIT.refused, 'Another host is using the data folder', 'Stop the other host, or give this one a folder of its own.'),
  SUBSCRIPTIONS_FULL: entry(409, EXIT.conflict, 'The tenant has as many subscriptions as it may', 'End a subscription that is no longer needed, then subscribe again.'),
  JOB_NOT_FOUND: entry(404, EXIT.refused, 'No such job', 'Check the installJobId.'),
} as const satisfies Record<string, CatalogueEntry>;
