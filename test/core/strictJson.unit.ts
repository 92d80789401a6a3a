import { parseStrictJson } from '../../core/strictJson';

test.each([
  'null',
  ' [1, "a", {"b": true}] ',
  '[{"a":1},{"a":1}]',
  '{"a":{"a":{"a":1}},"b":["a","a"]}',
  '{"a\\"b":1,"a\\\\":2,"a":3}',
  '{"x":"{\\"a\\":1,\\"a\\":2}"}',
  '{"a" \t\r\n: 1, "b":"a"}',
  '{"a":["b:","c"],"b":"c"}',
  `${'['.repeat(64)}${']'.repeat(64)}`,
  `[${'[],'.repeat(100)}{}]`,
])('%s has one reading', (text) => {
  expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
});

test.each<[string, object]>([
  ['{"a":1,\n"b":2,\n"a":3}', { kind: 'keys', fault: 'has the key "a" twice', line: 3 }],
  ['{"a":1,"\\u0061":3}', { kind: 'keys', fault: 'has the key "a" twice', line: 1 }],
  ['{"a":1,"a" \n:3}', { kind: 'keys', fault: 'has the key "a" twice', line: 1 }],
  ['[{"b":{"a":1,"a":2}}]', { kind: 'keys', fault: 'has the key "a" twice', line: 1 }],
  ['{"a":[{}],"a":2}', { kind: 'keys', fault: 'has the key "a" twice', line: 1 }],
  ['{"__proto__":1}', { kind: 'keys', fault: 'has a key that must not be used: "__proto__"', line: 1 }],
  [
    '[\n{"\\u005f_proto__":1}]',
    { kind: 'keys', fault: 'has a key that must not be used: "__proto__"', line: 2 },
  ],
  ['['.repeat(65), { kind: 'depth', fault: 'is nested deeper than 64 levels', line: 1 }],
  [`[${'{"a":'.repeat(64)}`, { kind: 'depth', fault: 'is nested deeper than 64 levels', line: 1 }],
])('%s is refused', (text, fault) => {
  expect(parseStrictJson(text)).toEqual(fault);
});

test.each(['', '{', '{"a"', '{"a":', '"a', '"\\', '[1,]', "{'a':1}", '{"a\u0001":1}', ':', '"a":1'])(
  '%j is no JSON',
  (text) => {
    expect(parseStrictJson(text)).toEqual({
      kind: 'syntax',
      fault: expect.stringMatching(/^is not JSON \(.+\)$/),
    });
  },
);
