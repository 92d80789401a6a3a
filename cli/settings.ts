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
  [settings.apiUrl, 'address of the marketplace (required to talk to it)'],
  [settings.token, 'token of the publisher or reviewer (required to talk to it)'],
  [settings.profile, 'signing profile (default: default)'],
  [settings.signingHome, "folder of the signing profiles (default: in the user's config folder)"],
  [settings.passphrase, 'passphrase of the private key (default: none)'],
  [settings.objectsEndpoint, 'address that parts are sent to (default: as the marketplace says)'],
  [settings.cacheDir, "folder of fetched packages (default: in the user's cache folder)"],
  [settings.stateDir, 'state of a stack on this machine, for doctor (default: .spillway of the checkout)'],
];
