import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type Express } from 'express';
import { routed } from './requestLog';

/** Paths that belong to the API: an unknown one of them is a problem document, not a page. */
const NOT_PAGES = /^\/(api|docs|openapi\.json|healthz|readyz|metrics)(\/|$)/;

/** Serves the built web application; its own router takes every address that is not the API's. */
export function mountWeb(app: Express, webDir: string | undefined): void {
  if (webDir === undefined) return;
  const folder = path.resolve(webDir);
  // Files under assets/ carry a digest in their name, so they never change.
  app.use(
    '/assets',
    express.static(path.join(folder, 'assets'), { immutable: true, maxAge: '1y', dotfiles: 'allow' }),
  );
  app.use(express.static(folder, { index: false, maxAge: '5m', dotfiles: 'allow' }));
  app.get('/{*page}', (request, response, next) => {
    const page = path.join(folder, 'index.html');
    if (NOT_PAGES.test(request.path) || path.extname(request.path) === '.js' || !existsSync(page))
      return next();
    routed(response, '/{page}');
    response.set('Cache-Control', 'no-cache');
    response.sendFile(page, { cacheControl: false, dotfiles: 'allow' });
  });
}
