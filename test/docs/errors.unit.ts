import { catalogue } from '../../core/errors/catalogue';
import { renderErrors } from '../../infra/docs/renderErrors';
import { codeSpans, listFiles, read, tableRows, unpadded } from './support/pages';

describe('error codes', () => {
  test('are all on their page, as the catalogue has them', () => {
    expect(unpadded(read('docs/errors.md'))).toBe(unpadded(renderErrors()));
  });

  test('each name a next step, and are used by something', () => {
    const tables = read('docs/errors.md').split('\n### ').slice(1);
    const rows = tables.flatMap(tableRows);
    expect(rows.map(([code = '']) => codeSpans(code)[0])).toEqual(Object.keys(catalogue));
    expect(rows.filter((cells) => (cells.at(-1) ?? '') === '')).toEqual([]);
    const sources = listFiles(
      /^(activities|adapters|api|cli|core|host|platform|pxp|sdk|signer|workflows|contracts)\/.*\.ts$/,
    )
      .filter(({ name }) => !/^core\/errors\/(?!errors)/.test(name))
      .map((file) => file.text)
      .join('\n');
    const unused = Object.keys(catalogue).filter((code) => !sources.includes(`'${code}'`));
    expect(unused).toEqual([]);
  });
});
