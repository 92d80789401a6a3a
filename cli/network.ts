import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { refusal } from '../core/errors/errors';

/** How this machine reaches the network, by the variables that other tools read, too. */
export interface NetworkConfig {
  httpProxy: string | undefined;
  httpsProxy: string | undefined;
  noProxy: string | undefined;
  /** npm's `cafile`: certificates in PEM that are trusted besides Node's own. */
  caFile: string | undefined;
}

/** Lower case counts more, as with curl. */
export function readNetwork(env: Readonly<Record<string, string | undefined>>): NetworkConfig {
  const read = (...names: string[]) => names.map((name) => env[name]).find((value) => value !== undefined);
  return {
    httpProxy: read('http_proxy', 'HTTP_PROXY'),
    httpsProxy: read('https_proxy', 'HTTPS_PROXY'),
    noProxy: read('no_proxy', 'NO_PROXY'),
    caFile: read('npm_config_cafile', 'NPM_CONFIG_CAFILE') ?? readNpmrc(env),
  };
}

/** `cafile` of the user's .npmrc, where npm itself looks first. */
function readNpmrc(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = env.npm_config_userconfig ?? (env.HOME === undefined ? undefined : `${env.HOME}/.npmrc`);
  if (file === undefined) return undefined;
  try {
    return /^\s*cafile\s*=\s*["']?([^"'\r\n]+?)["']?\s*$/m.exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    // Without one npm has no such setting.
    return undefined;
  }
}

/**
 * The connections of this machine's network; undefined where it has nothing special.
 *
 * @throws Refusal SETTING_INVALID for a certificate file that cannot be read, or an address that is none
 */
export function openNetwork({
  httpProxy,
  httpsProxy,
  noProxy,
  caFile,
}: NetworkConfig): Dispatcher | undefined {
  if ([httpProxy, httpsProxy, caFile].every((each) => each === undefined)) return undefined;
  const tls = caFile === undefined ? {} : { ca: [...rootCertificates, readCertificates(caFile)] };
  try {
    return new EnvHttpProxyAgent({
      // Empty stands for none: what is left out is read from the process again.
      httpProxy: httpProxy ?? '',
      httpsProxy: httpsProxy ?? '',
      noProxy: noProxy ?? '',
      ...{ connect: tls, requestTls: tls, proxyTls: tls },
    });
  } catch {
    throw refusal('SETTING_INVALID', 'HTTP_PROXY or HTTPS_PROXY is not an address.', 'HTTPS_PROXY');
  }
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw refusal('SETTING_INVALID', `npm's cafile ${file} cannot be read.`, 'npm_config_cafile');
  }
}
