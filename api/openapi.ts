import { DEFAULT_TENANT_PREFIX } from '../contracts/paths';
import { listRoutes } from './app';
import type { RouteDependencies } from './http/dependencies';
import { openApiDocument } from './http/openapi';

/** The API's OpenAPI document, made without a database or a server: listing routes needs the prefix alone. */
export const describeApi = () =>
  openApiDocument(
    listRoutes({ settings: { tenantPrefix: DEFAULT_TENANT_PREFIX } } as unknown as RouteDependencies),
  );
