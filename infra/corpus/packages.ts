/** What should become of a real package. `native` ones bring compiled programs of their own, which are refused. */
export type Expected = 'active' | 'native';

export interface CorpusPackage {
  /** Name and version; a version of the registry never changes. */
  spec: string;
  expected: Expected;
}

const active = (spec: string): CorpusPackage => ({ spec, expected: 'active' });
const native = (spec: string): CorpusPackage => ({ spec, expected: 'native' });

/** Published plugins of many ecosystems. They are fetched when they are tried; none of their code is part of the product. */
export const corpus: readonly CorpusPackage[] = [
  active('obsidian-mcp@2.0.1'),
  active('@rollup/plugin-node-resolve@16.0.3'),
  native('obsidian-headless@0.0.14'),
  active('@fastify/swagger-ui@6.1.3'),
  active('@capacitor/camera@8.2.4'),
  active('@mendable/n8n-nodes-firecrawl@2.1.2'),
  active('@jupyterlab/git@0.34.2'),
  active('joplin-plugin-freehand-drawing@4.3.0'),
  active('joplin-plugin-home-note@2.1.2'),
  active('cordova-plugin-inappbrowser@7.0.0'),
  native('expo-camera@57.0.6'),
  active('homebridge-camera-ffmpeg@3.1.4'),
  native('@serialport/bindings-cpp@13.0.1'),
  active('homebridge-dummy@2.1.1'),
  active('gatsby-plugin-image@3.16.0'),
  active('gulp-sass@6.0.1'),
  active('eslint-plugin-import@2.32.0'),
  active('eslint-plugin-vue@10.12.1'),
  active('netlify-plugin-deploy-preview-commenting@0.0.1-alpha.16'),
  active('babel-plugin-macros@3.1.0'),
  active('@vitejs/plugin-react@6.3.0'),
  active('jQuery-QueryBuilder@3.0.0'),
  active('strapi-plugin-config-sync@3.2.0'),
  active('signalk-to-nmea2000@2.24.0'),
  active('node-red-contrib-bigtimer@2.8.6'),
  active('jquery.cookie@1.4.1'),
  active('serverless-offline@14.8.2'),
  active('@ckeditor/ckeditor5-table@48.5.2'),
  active('hexo-generator-feed@3.0.0'),
  active('hexo-theme-next@8.29.0'),
  active('n8n-nodes-base@2.41.2'),
  active('rollup-plugin-terser@7.0.2'),
];
