import path from 'node:path';
import type { Express } from 'express';
import { absolutePath } from 'swagger-ui-dist';
import { openApiDocument } from './openapi';
import { routed } from './requestLog';
import type { Route } from './route';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Spillway API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** Its own file, because the content security policy allows no script inside the page. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** `/openapi.json`, and `/docs` to browse it; nothing is fetched from elsewhere. */
export function mountDocs(app: Express, routes: readonly Route[]): void {
  const document = openApiDocument(routes);
  const folder = absolutePath();
  app.get('/openapi.json', (_request, response) => {
    routed(response, '/openapi.json');
    response.json(document);
  });
  app.use('/docs', (_request, response, next) => {
    routed(response, '/docs');
    next();
  });
  app.get('/docs', (_request, response) => void response.type('html').send(PAGE));
  app.get('/docs/start.js', (_request, response) => void response.type('text/javascript').send(START));
  for (const asset of ASSETS) {
    app.get(`/docs/${asset}`, (_request, response) => {
      response.sendFile(path.join(folder, asset), { maxAge: '1h', dotfiles: 'allow' });
    });
  }
}
