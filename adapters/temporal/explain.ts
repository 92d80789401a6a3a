import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { TemporalConfig, TlsFiles } from './config';

/** How long a server may take to answer; it refuses a certificate a moment after the handshake. */
const ANSWER_MS = 3_000;
const REFUSAL_MS = 500;
const DEFAULT_PORT = 7233;

const DEMANDS_CERTIFICATE =
  'demands a client certificate: set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH';
const NOT_TRUSTED =
  'shows a certificate that is not trusted here: set TEMPORAL_TLS_SERVER_CA_CERT_PATH, and TEMPORAL_TLS_SERVER_NAME where its name differs';
const SPEAKS_PLAIN = 'does not speak TLS: unset TEMPORAL_TLS, TEMPORAL_API_KEY and the certificates';
const refuses = (why: string): string => `refuses the certificate in TEMPORAL_TLS_CLIENT_CERT_PATH: ${why}`;

/** How a connection ended: by an error of TLS, or closed right after the handshake. */
type Ending = { error: Error & { code?: string } } | 'closed' | 'open';

/** What alerts and checks of TLS mean to whoever set the certificates, the more exact first. */
const MEANINGS: readonly [RegExp, string][] = [
  [/certificate required|alert number 116/, DEMANDS_CERTIFICATE],
  [/certificate expired|alert number 45/, refuses('it has expired')],
  [/unknown ca|alert number 48/, refuses('the authority that issued it is unknown there')],
  [
    /alert (bad|unsupported|revoked) certificate|alert (certificate unknown|access denied)/,
    refuses('it is not accepted'),
  ],
  [/wrong version number|packet length too long/i, SPEAKS_PLAIN],
  [/cert|altname|issuer|self.signed/i, NOT_TRUSTED],
];

/**
 * Why Temporal cannot be reached, as far as TLS says: the clients report a broken connection and no more. Opens a
 * connection of its own, so it is asked only after a failure.
 *
 * @returns a sentence that names the setting, or undefined when TLS is not what is wrong
 */
export async function explainUnreachable(config: TemporalConfig): Promise<string | undefined> {
  const { address, tls } = config;
  if (tls === false) return undefined;
  const meaning = describeEnding(await meetServer(address, tls), tls);
  return meaning && `Temporal at ${address} ${meaning}.`;
}

function describeEnding(ending: Ending, { clientCertPair }: TlsFiles): string | undefined {
  if (ending === 'open') return undefined;
  if (ending === 'closed') {
    // Some servers say nothing when they refuse a certificate; so does a proxy with nothing behind it.
    return clientCertPair
      ? 'ends connections right after the handshake: it refuses the certificate in TEMPORAL_TLS_CLIENT_CERT_PATH, or nothing runs behind it'
      : DEMANDS_CERTIFICATE;
  }
  const said = `${ending.error.message} ${ending.error.code ?? ''}`;
  return MEANINGS.find(([pattern]) => pattern.test(said))?.[1];
}

function meetServer(address: string, tls: TlsFiles): Promise<Ending> {
  const { hostname, port } = new URL(`https://${address}`);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port: Number(port || DEFAULT_PORT), ALPNProtocols: ['h2'] },
      servername: tls.serverNameOverride ?? (isIP(host) ? '' : host),
      ...(tls.serverRootCACertificate ? { ca: tls.serverRootCACertificate } : {}),
      ...(tls.clientCertPair ? { cert: tls.clientCertPair.crt, key: tls.clientCertPair.key } : {}),
    });
    const finish = (ending: Ending): void => {
      socket.destroy();
      resolve(ending);
    };
    socket.setTimeout(ANSWER_MS, () => finish('open'));
    socket.once('secureConnect', () => {
      socket.setTimeout(REFUSAL_MS);
      socket.once('close', () => finish('closed'));
    });
    socket.once('error', (error) => finish({ error }));
  });
}
