import fc from 'fast-check';
import { canonicalJson } from '../../core/canonicalJson';

describe('Canonical JSON', () => {
  test('sorts keys at every depth, keeps the order of lists, and ends with a line feed', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 3, 2], a: 'text' })).toBe(
      '{\n  "a": "text",\n  "b": [\n    {\n      "c": null,\n      "d": 1\n    },\n    3,\n    2\n  ]\n}\n',
    );
    expect(canonicalJson(null)).toBe('null\n');
    expect(canonicalJson([])).toBe('[]\n');
  });

  test('of equal values has equal bytes, in whatever order their keys were written', () => {
    const keys = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(keys, (names) => {
        const entries = names.map((name, index) => [name, { [name]: index, z: name }]);
        const there = canonicalJson(Object.fromEntries(entries));
        expect(canonicalJson(Object.fromEntries([...entries].reverse()))).toBe(there);
        expect(JSON.parse(there)).toEqual(Object.fromEntries(entries));
      }),
    );
  });
});
