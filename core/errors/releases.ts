import { entry, EXIT, type CatalogueEntry } from './entry';

/** What is submitted, and where its release stands. */
// prettier-ignore
export const releasesErrors = {
  MANIFEST_MISSING: entry(422, EXIT.refused, 'manifest.json is missing', 'Create manifest.json, or run `px-plugin init --from <folder or package>`.'),
  MANIFEST_INVALID: entry(422, EXIT.refused, 'manifest.json is not valid', 'Correct the listed fields of manifest.json.'),
  PLUGIN_YAML_MISSING: entry(422, EXIT.refused, 'plugin.yaml is missing', 'Create plugin.yaml, or run `px-plugin init --from <folder or package>`.'),
  PLUGIN_YAML_INVALID: entry(422, EXIT.refused, 'plugin.yaml is not valid', 'Correct the listed fields of plugin.yaml.'),
  PRECHECK_MANIFEST_MISMATCH: entry(422, EXIT.refused, 'manifest.json and plugin.yaml disagree', 'Give the named fields the same value in both files; plugin.yaml is the source.'),
  DIST_EMPTY: entry(422, EXIT.refused, 'dist contains no files', 'Build the plugin so that its files are under dist/.'),
  NOTES_MISSING: entry(422, EXIT.refused, 'The release notes are missing', 'Pass --notes <file>, or add a section for this version to CHANGELOG.md.'),
  VERSION_INVALID: entry(422, EXIT.refused, 'The version is not SemVer 2.0.0', 'Use a version such as 1.4.0 or 1.4.0-beta.1.'),
  VERSION_NOT_INCREMENTED: entry(422, EXIT.refused, 'The version is not newer', 'Publish a version greater than the newest one in the channel.'),
  CHANNEL_INVALID: entry(422, EXIT.usage, 'No such channel', 'Use one of the listed channels.'),
  ROLLOUT_PLAN_INVALID: entry(422, EXIT.refused, 'The rollout plan is not valid', 'Correct the listed stages.'),
  HEALTH_MISSING: entry(422, EXIT.refused, 'The health check is missing', 'Add runtime.health to the manifest, so that hosts can tell whether the plugin works.'),
  ENTRY_MISSING: entry(422, EXIT.refused, 'The entry file is missing', 'Point runtime.entry at a file under dist/.'),
  VERSION_CONFLICT: entry(409, EXIT.conflict, 'The version already exists with different content', 'Publish a new version; the content of a version never changes.'),
  REQUEST_ID_REUSED: entry(409, EXIT.conflict, 'The publishRequestId was already used for another submission', 'Use a new publishRequestId for each submission.'),
  RELEASE_NOT_FOUND: entry(404, EXIT.refused, 'No such release', 'Check the publishId or versionId on the receipt.'),
  RELEASE_STATE: entry(409, EXIT.conflict, 'The release is not in a state that allows this', 'Check the state of the release and what it is waiting for.'),
  UPLOAD_INCOMPLETE: entry(409, EXIT.conflict, 'Parts of the upload are missing', 'Request the upload plan again and send the listed parts.'),
  UPLOAD_EXPIRED: entry(410, EXIT.refused, 'The upload was not finished in time', 'Publish again; the parts of the old upload were removed.'),
  SUBMISSION_UNKNOWN: entry(403, EXIT.auth, 'There is no such submission on record', 'Submit with px-plugin publish or by the API; a message to the workflow alone registers nothing.'),
  VERSION_RESTRICTED: entry(403, EXIT.refused, 'The marketplace withholds the version', 'Read the reason; the publisher may appeal. Another version may be available.'),
  RESTRICTION_INVALID: entry(422, EXIT.usage, 'The restriction is not valid', 'Correct the listed fields.'),
  RESTRICTION_UNKNOWN: entry(404, EXIT.refused, 'No such restriction', 'List the restrictions to see their ids.'),
  RESTRICTION_OVER: entry(409, EXIT.conflict, 'The restriction is over', 'Nothing is to be done; list the restrictions to see what is in force.'),
  RESTRICTION_LASTS: entry(409, EXIT.conflict, 'The restriction follows from a revoked key', 'A revocation is never taken back: publish the content anew, signed with a valid key.'),
  APPEAL_UNKNOWN: entry(409, EXIT.conflict, 'No appeal waits for an answer', 'List the appeals to see which wait; a restriction can also be lifted without one.'),
  APPEAL_GIVEN: entry(409, EXIT.conflict, 'An appeal was given before', 'Wait for the operators; they read every appeal.'),
  EVIDENCE_MISSING: entry(409, EXIT.conflict, 'The records do not prove this step', 'Look at the release and its audit; a step counts once package, scans, decision and plan are on record.'),
} as const satisfies Record<string, CatalogueEntry>;
