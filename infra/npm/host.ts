/** What `@spillway/host` exports, for programs that run a host of their own. */
export { createHost, type Host, type HostDeps } from '../../host/host';
export { readConfig, type HostConfig } from '../../host/config';
export { detectSandbox, type Detection } from '../../host/sandbox/detect';
export { connectMarketplace, type Marketplace } from '../../host/marketplace/marketplace';
