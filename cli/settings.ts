/** The environment variables that px-plugin reads. This file imports nothing, because `--help` needs it. */
export const settings = {
  apiUrl: 'PX_MARKETPLACE_API_URL',
  token: 'PX_MARKETPLACE_TOKEN',
  profile: 'PX_SIGNING_PROFILE',
  signingHome: 'PX_SIGNING_HOME',
  passphrase: 'PX_SIGNING_PASSPHRASE',
  objectsEndpoint: 'PX_ARTIFACT_STORE_ENDPOINT',
  cacheDir: 'PX_CACHE_DIR',
  stateDir: 'SPILLWAY_STATE_DIR',
} as const;

/** The environment variables with what they are for and their defaults, as help shows them. */
export const settingHelp: readonly (readonly [name: string, meaning: string])[] = [
  [settings.apiUrl, 'URL of the marketplace (required by commands that contact it)'],
  [settings.token, 'token of the publisher or reviewer (required by the same commands)'],
  [settings.profile, 'signing profile (default: default)'],
  [settings.signingHome, 'folder of the signing profiles (default: in your config folder)'],
  [settings.passphrase, 'passphrase of the private key (default: none)'],
  [settings.objectsEndpoint, 'origin to upload to (default: the one in the upload plan)'],
  [settings.cacheDir, 'cache of the packages that init fetched (default: in your cache folder)'],
  [settings.stateDir, 'state folder of a local stack, read by doctor (default: .spillway in the checkout)'],
];
