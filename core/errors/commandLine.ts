import { entry, EXIT, ours, type CatalogueEntry } from './entry';

/** What `px-plugin` meets on the author's machine. */
// prettier-ignore
export const commandLineErrors = {
  SETTING_MISSING: entry(422, EXIT.usage, 'A setting is missing', 'Set the named variable or pass the named flag.'),
  SETTING_INVALID: entry(422, EXIT.usage, 'A setting is not valid', 'Correct the named variable; `px-plugin --help` lists them.'),
  USAGE: entry(400, EXIT.usage, 'The command line is not valid', 'Run the command with --help.'),
  SOURCE_UNREADABLE: entry(422, EXIT.refused, 'The plugin source cannot be read', 'Check the folder, or the name and version of the package.'),
  SOURCE_FETCH: ours(503, 'The package could not be fetched', "Check the network and npm's registry setting, then try again."),
  DEPENDENCY_UNRESOLVED: entry(422, EXIT.refused, 'A dependency cannot be vendored', 'Correct the named dependency of package.json, install the workspace, or pass --dependencies provided when the host has them.'),
  TARGET_TAKEN: entry(409, EXIT.conflict, 'The target folder is not empty', 'Name another folder with --out, or replace it with --force.'),
  TARGET_UNSAFE: entry(422, EXIT.refused, 'A plugin folder cannot be made there', 'Name a new folder with --out; only a folder below the current one, without version control, is replaced by --force.'),
  PUBLISH_YML_INVALID: entry(422, EXIT.refused, 'publish.yml is not valid', 'Correct the listed fields of publish.yml.'),
  CHANNEL_UNCLEAR: entry(422, EXIT.usage, 'A prerelease without a channel', 'Pass --channel beta, or --channel stable if all tenants should have it; or name the channel in publish.yml.'),
  FILE_DENIED: entry(422, EXIT.refused, 'A file may not be used', 'Check owner and permissions of the named file or folder.'),
  DISK_FULL: entry(422, EXIT.refused, 'The disk is full', 'Free some space, or name another folder (PX_CACHE_DIR, PX_SIGNING_HOME, --out), then run it again.'),
  DISK_READ_ONLY: entry(422, EXIT.refused, 'The disk is read-only', 'Work in a folder that may be written to; notes are kept in .px-plugin/ of the plugin folder.'),
  FILE_LIMIT: entry(422, EXIT.refused, 'Too many files are open', 'Raise the limit of open files (ulimit -n), then run it again.'),
  HOME_MISSING: entry(422, EXIT.usage, 'There is no home folder', 'Set HOME to a folder that may be written to.'),
  FILE_UNSAFE: entry(422, EXIT.refused, 'A file cannot be used safely', 'Put a regular file or folder in its place; links out of the plugin folder are not followed.'),
  SIGNING_KEY_UNUSABLE: entry(422, EXIT.refused, 'The private key cannot be used', 'Check the key file and its passphrase, or create a key: `px-plugin keys create`.'),
  SIGNING_KEY_EXPOSED: entry(422, EXIT.refused, 'The private key is readable by other users', 'Restrict access: chmod 600 <file>; if it may have been copied, create a new key.'),
  SIGNING_PROFILE_MISSING: entry(422, EXIT.refused, 'No such signing profile', 'Create it: `px-plugin keys create`, or name another with PX_SIGNING_PROFILE.'),
  SIGNING_PROFILE_TAKEN: entry(409, EXIT.conflict, 'The signing profile already exists', 'Name another with --profile; keys are never overwritten.'),
  WATCH_TIMEOUT: entry(408, EXIT.unfinished, 'The release is still on its way', 'Watch it again: `px-plugin watch <id>`; it does not depend on who watches. `--timeout` says how long.'),
  RELEASE_ENDED: entry(409, EXIT.refused, 'The release ended without completing', 'Read its timeline: `px-plugin watch <id>`, or its page.'),
  COMPONENT_MISSING: entry(503, EXIT.unavailable, 'Something that publishing needs is missing', 'Follow the next step in the table.'),
} as const satisfies Record<string, CatalogueEntry>;
