/**
 * Every refusal that a person can meet. A code is stable for good: scripts match on it.
 *
 * `status` is the HTTP status, `exit` the process status of `px-plugin`, `class` says whose move it
 * is: `user` (final until they change something) or `ours` (retried). `next` is the next step.
 */
export interface CatalogueEntry {
  status: number;
  exit: number;
  class: 'user' | 'ours';
  title: string;
  next: string;
}

/** Exit statuses of `px-plugin`, documented in docs/errors.md. */
export const EXIT = { refused: 1, usage: 2, auth: 3, conflict: 4, unavailable: 5 } as const;

const entry = (
  status: number,
  exit: number,
  title: string,
  next: string,
  whose: CatalogueEntry['class'] = 'user',
): CatalogueEntry => ({ status, exit, class: whose, title, next });

const ours = (status: number, title: string, next: string) =>
  entry(status, EXIT.unavailable, title, next, 'ours');

// prettier-ignore
export const catalogue = {
  // Requests
  BODY_NOT_JSON: entry(400, EXIT.usage, 'The body is not JSON', 'Send a JSON object with Content-Type: application/json.'),
  BODY_TOO_LARGE: entry(413, EXIT.usage, 'The body is too large', 'Send less in one request; package bytes go to the signed upload URLs.'),
  BODY_INVALID: entry(422, EXIT.usage, 'The body does not match its schema', 'Mend the listed fields; /docs describes each of them.'),
  BODY_TOO_DEEP: entry(422, EXIT.usage, 'The body is nested too deeply', 'Flatten the named value.'),
  BODY_UNSAFE: entry(422, EXIT.usage, 'The body holds what no field may hold', 'Remove the listed keys and characters.'),
  PARAMETER_INVALID: entry(400, EXIT.usage, 'A parameter is not valid', 'Mend the listed parameters; /docs describes each of them.'),
  ROUTE_NOT_FOUND: entry(404, EXIT.refused, 'There is no such address', 'Look the address up under /docs.'),
  METHOD_NOT_ALLOWED: entry(405, EXIT.usage, 'The address does not take this method', 'Look the method up under /docs.'),
  NOT_FOUND: entry(404, EXIT.refused, 'There is no such thing', 'Check the id; things of other owners are not shown.'),
  INTERNAL: ours(500, 'Something of ours failed', 'Try again; if it stays, send the requestId to the operators.'),
  UNAVAILABLE: ours(503, 'A component is not reachable right now', 'Try again in a moment; nothing was changed.'),
  RATE_LIMITED: ours(429, 'Too many requests', 'Wait for the seconds that Retry-After names.'),

  // Identity
  TOKEN_MISSING: entry(401, EXIT.auth, 'There is no token', 'Set PX_MARKETPLACE_TOKEN, or send Authorization: Bearer <token>.'),
  TOKEN_INVALID: entry(401, EXIT.auth, 'The token is not valid', 'Ask the operators for a new token.'),
  SCOPE_MISSING: entry(403, EXIT.auth, 'The token may not do this', 'Ask for a token with the named scope.'),
  PUBLISHER_UNKNOWN: entry(403, EXIT.auth, 'The publisher is not known', 'Ask the operators to register the publisher.'),
  PUBLISHER_MISMATCH: entry(403, EXIT.auth, 'The plugin belongs to another publisher', 'Publish under a plugin id of your own.'),

  // Manifest and plugin folder
  MANIFEST_MISSING: entry(422, EXIT.refused, 'manifest.json is missing', 'Create manifest.json, or run `px-plugin init --from <folder or package>`.'),
  MANIFEST_INVALID: entry(422, EXIT.refused, 'manifest.json is not valid', 'Mend the listed fields of manifest.json.'),
  PLUGIN_YAML_MISSING: entry(422, EXIT.refused, 'plugin.yaml is missing', 'Create plugin.yaml, or run `px-plugin init --from <folder or package>`.'),
  PLUGIN_YAML_INVALID: entry(422, EXIT.refused, 'plugin.yaml is not valid', 'Mend the listed fields of plugin.yaml.'),
  PRECHECK_MANIFEST_MISMATCH: entry(422, EXIT.refused, 'manifest.json and plugin.yaml disagree', 'Make the named fields equal in both files; plugin.yaml is the source.'),
  DIST_EMPTY: entry(422, EXIT.refused, 'dist holds no file', 'Build the plugin so that its files are under dist/.'),
  NOTES_MISSING: entry(422, EXIT.refused, 'There are no release notes', 'Pass --notes <file>, or add a section for this version to CHANGELOG.md.'),
  VERSION_INVALID: entry(422, EXIT.refused, 'The version is not SemVer 2.0.0', 'Use a version such as 1.4.0 or 1.4.0-beta.1.'),
  VERSION_NOT_INCREMENTED: entry(422, EXIT.refused, 'The version is not newer', 'Publish a version greater than the newest one of the channel.'),
  CHANNEL_INVALID: entry(422, EXIT.usage, 'There is no such channel', 'Use one of the named channels.'),
  ROLLOUT_PLAN_INVALID: entry(422, EXIT.refused, 'The rollout plan is not valid', 'Mend the listed stages.'),
  HEALTH_MISSING: entry(422, EXIT.refused, 'The manifest names no health check', 'Add runtime.health to the manifest, so that hosts can tell whether the plugin works.'),
  ENTRY_MISSING: entry(422, EXIT.refused, 'The entry file is missing', 'Make runtime.entry name a file under dist/.'),

  // Publishing
  VERSION_CONFLICT: entry(409, EXIT.conflict, 'The version exists with other content', 'Publish a new version; a version never changes its bytes.'),
  REQUEST_ID_REUSED: entry(409, EXIT.conflict, 'The publishRequestId was used for something else', 'Use a new publishRequestId for another submission.'),
  RELEASE_NOT_FOUND: entry(404, EXIT.refused, 'There is no such release', 'Check the publishId or versionId of the receipt.'),
  RELEASE_STATE: entry(409, EXIT.conflict, 'The release is not in a state that allows this', 'Look at the state of the release and at what it waits for.'),

  // Upload and object store
  UPLOAD_INCOMPLETE: entry(409, EXIT.conflict, 'Parts of the upload are missing', 'Ask for the upload plan again and send the named parts.'),
  UPLOAD_EXPIRED: entry(410, EXIT.refused, 'The upload was not finished in time', 'Publish again; finished parts of the old upload are gone.'),
  OBJECTS_KEY_INVALID: entry(400, EXIT.refused, 'The object key is not valid', 'Use the signed URL as it was given, unchanged.'),
  OBJECTS_SIGNATURE: entry(403, EXIT.refused, 'The signed URL does not match its signature', 'Use the signed URL as it was given, unchanged, or ask for the upload plan again.'),
  OBJECTS_URL_EXPIRED: entry(403, EXIT.refused, 'The signed URL has expired', 'Ask for the upload plan again and send what is missing.'),
  PART_LENGTH: entry(422, EXIT.refused, 'The bytes are not as many as were signed for', 'Send exactly the bytes of the part that the upload plan names.'),
  PART_DIGEST: entry(422, EXIT.refused, 'The bytes differ from the digest that was signed for', 'Send the part again from the unchanged package.'),
  OBJECT_NOT_FOUND: entry(404, EXIT.refused, 'There is no such object', 'Check the key; an upload that was cleared away must be sent again.'),
  OBJECT_CONFLICT: entry(409, EXIT.conflict, 'The object exists with other content', 'Use another key; an object never changes its bytes.'),
  RANGE_INVALID: entry(416, EXIT.usage, 'The object has no such range', 'Ask for a range inside the length that Content-Range names.'),
  OBJECTS_UNAVAILABLE: ours(503, 'The object store is not reachable right now', 'Try again in a moment; what was stored is kept.'),

  // Signature
  SIGNATURE_REQUIRED: entry(422, EXIT.refused, 'The package is not signed', 'Sign it: `px-plugin publish` does so with your signing profile.'),
  SIGNATURE_INVALID: entry(422, EXIT.refused, 'The signature does not match', 'Pack and sign again from unchanged files.'),
  SIGNATURE_UNKNOWN_KEY: entry(422, EXIT.refused, 'The signing key is not registered to the publisher', 'Register the key: `px-plugin keys register`.'),
  SIGNATURE_KEY_EXPIRED: entry(422, EXIT.refused, 'The signing key has expired', 'Create and register a new key, then pack and sign again.'),
  SIGNATURE_KEY_REVOKED: entry(422, EXIT.refused, 'The signing key was revoked', 'Create and register a new key, then pack and sign again.'),
  SIGNING_KEY_UNUSABLE: entry(422, EXIT.refused, 'The private key cannot be used', 'Check the key file and its passphrase, or create a key: `px-plugin keys create`.'),
  SIGNING_PROFILE_MISSING: entry(422, EXIT.refused, 'There is no such signing profile', 'Create it: `px-plugin keys create`, or name another with PX_SIGNING_PROFILE.'),
  KEY_INVALID: entry(422, EXIT.refused, 'The public key cannot be read', 'Send an armored OpenPGP public key.'),
  KEY_TAKEN: entry(409, EXIT.conflict, 'The key belongs to another publisher', 'Create a key of your own: `px-plugin keys create`.'),

  // Package
  PACKAGE_FORM: entry(422, EXIT.refused, 'The package is not in canonical form', 'Build it with `px-plugin`; docs/package-format.md describes the form.'),
  PACKAGE_TOO_LARGE: entry(422, EXIT.refused, 'The package exceeds a limit', 'Make it smaller; docs/package-format.md lists the limits.'),
  PACKAGE_SYMLINK: entry(422, EXIT.refused, 'The plugin folder holds symbolic links', 'Replace the named links by the files that they point to.'),
  PACKAGE_PATH: entry(422, EXIT.refused, 'A file name cannot be packed', 'Rename the named files.'),
  PACKAGE_DIGEST: entry(422, EXIT.refused, 'The bytes are not those that were announced', 'Upload the package again.'),
  PACKAGE_SOURCE_CHANGED: entry(409, EXIT.conflict, 'A file changed while it was packed', 'Let the build finish, then pack again.'),
  PACKAGE_TARGET: entry(409, EXIT.conflict, 'The target folder is taken', 'Unpack into a folder that does not exist yet.'),
  INTEGRITY_MISMATCH: entry(422, EXIT.refused, 'A file differs from its digest', 'Pack and sign again from unchanged files.'),
  INTEGRITY_MISSING: entry(422, EXIT.refused, 'A file of integrity.txt is missing', 'Pack and sign again from unchanged files.'),
  INTEGRITY_EXTRA: entry(422, EXIT.refused, 'A file is not covered by integrity.txt', 'Pack and sign again from unchanged files.'),
  SCAN_REJECTED: entry(422, EXIT.refused, 'A scanner refused the package', 'Mend the listed findings and publish a new submission.'),
  COMPATIBILITY_FAILED: entry(422, EXIT.refused, 'The plugin did not start in a trial host', 'Mend what the health check reports.'),

  // Review
  REVIEW_CLOSED: entry(409, EXIT.conflict, 'The review is closed', 'Look at the decision that was made.'),
  REVIEW_OWN: entry(403, EXIT.auth, 'A publisher does not decide on its own release', 'Ask another reviewer.'),
  REVIEW_DIGEST: entry(409, EXIT.conflict, 'The decision names another package', 'Load the review again and decide on what it shows.'),

  // Rollout and tenants
  ROLLOUT_NOT_ACTIVE: entry(404, EXIT.refused, 'No active rollout', 'Look at the state of the release.'),
  NOT_IN_STAGE: entry(403, EXIT.refused, 'Not in current rollout stage', 'Try again after the time that Retry-After names.'),
  VERSION_WITHDRAWN: entry(410, EXIT.refused, 'The version was withdrawn', 'Install the newest listed version.'),
  FEED_REVISION_UNKNOWN: entry(400, EXIT.usage, 'The feed has no such revision', 'Start again with since=0.'),

  // Host
  INSTALL_SOURCE_REFUSED: entry(422, EXIT.refused, 'The package may not be fetched from there', 'Use an https address of a public host, or add the origin to the allowed ones.'),
  INSTALL_FAILED: entry(422, EXIT.refused, 'The installation failed', 'Read the job log; the previous version is active.'),
  INSTALL_BUSY: entry(409, EXIT.conflict, 'Another installation of the plugin is running', 'Wait until the running job has ended.'),
  INSTALL_BACKUP_MISSING: entry(409, EXIT.refused, 'There is no backup to return to', 'Free disk space and try again; nothing was switched.'),
  HOST_INCOMPATIBLE: entry(422, EXIT.refused, 'The host is too old or too new', 'Use a version that names this host in its range.'),
  HEALTH_CHECK_FAILED: entry(422, EXIT.refused, 'The health check of the plugin failed', 'Read what the health script said in the job log; the previous version is active.'),
  PACKAGE_IDENTITY: entry(422, EXIT.refused, 'The package is another plugin or version than announced', 'Install it under the id and version that its manifest names.'),
  PUBLISHER_CHANGED: entry(409, EXIT.refused, 'The plugin comes from another publisher than before', 'Remove the plugin first if the change of hands is known to you.'),
  PLUGIN_NOT_INSTALLED: entry(404, EXIT.refused, 'The plugin is not installed', 'Look at the list of installed plugins.'),
  HOST_FOLDER_BUSY: entry(409, EXIT.refused, 'Another host works in the data folder', 'Stop the other host, or give this one a folder of its own.'),
  JOB_NOT_FOUND: entry(404, EXIT.refused, 'There is no such job', 'Check the installJobId.'),

  // Command line
  SETTING_MISSING: entry(422, EXIT.usage, 'A setting is missing', 'Set the named variable or pass the named flag.'),
  SETTING_INVALID: entry(422, EXIT.usage, 'A setting is not valid', 'Correct the named variable; `px-plugin --help` lists them.'),
  USAGE: entry(400, EXIT.usage, 'The command line is not valid', 'Run the command with --help.'),
  SOURCE_UNREADABLE: entry(422, EXIT.refused, 'The source of the plugin cannot be read', 'Check the folder or the package name and version.'),
  SOURCE_FETCH: ours(503, 'The package could not be fetched', 'Check the network and the registry setting of npm, then try again.'),
  TARGET_TAKEN: entry(409, EXIT.conflict, 'The target folder holds files', 'Name another folder with --out, or replace it with --force.'),
  PUBLISH_YML_INVALID: entry(422, EXIT.refused, 'publish.yml is not valid', 'Mend the listed fields of publish.yml.'),
  SIGNING_KEY_EXPOSED: entry(422, EXIT.refused, 'Others can read the private key', 'Take their rights away: chmod 600 <file>; where it may have been copied, create a new key.'),
  SIGNING_PROFILE_TAKEN: entry(409, EXIT.conflict, 'The signing profile exists', 'Name another with --profile; a key is never overwritten.'),
  RELEASE_ENDED: entry(409, EXIT.refused, 'The release ended without being completed', 'Read its timeline: `px-plugin status <id>`.'),
  COMPONENT_MISSING: entry(503, EXIT.unavailable, 'Something that publishing needs is missing', 'Follow the next step that the table names.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** Whether `code` is one of the catalogue, for codes that come from outside. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}
