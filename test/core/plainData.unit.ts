import { findUnsafe, reachesPrototype } from '../../core/plainData';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

test('ordinary data are safe', () => {
  for (const data of [
    null,
    1,
    'a',
    true,
    undefined,
    [],
    {},
    { a: [{ b: 'ö🎉' }], constructor: 'x' },
    nested(64),
  ])
    expect(findUnsafe(data)).toEqual([]);
});

test('depth ends the walk, and is all that is told', () => {
  const path = Array<string>(64).fill('0');
  expect(findUnsafe({ a: '\0', b: nested(65) })).toEqual([{ path: ['b', ...path.slice(1)], kind: 'depth' }]);
  const loop: Record<string, unknown> = {};
  loop.self = [loop, loop];
  expect(findUnsafe(loop)).toEqual([{ path: expect.any(Array), kind: 'depth' }]);
});

test('keys that reach a prototype and texts that cannot be kept are told by their place', () => {
  const data: unknown = JSON.parse(
    '{"a":[{"__proto__":1}],"constructor":{"prototype":{}},"b\\u0000":1,"c":"\\ud800","d":"x\\u0000"}',
  );
  const found = findUnsafe(data).map(({ path, kind }) => `${kind} ${JSON.stringify(path)}`);
  expect(found.sort()).toEqual([
    'key ["a","0","__proto__"]',
    'key ["constructor"]',
    'text ["b\\u0000"]',
    'text ["c"]',
    'text ["d"]',
  ]);
  expect(findUnsafe('\0')).toEqual([{ path: [], kind: 'text' }]);
});

test('no more than a person reads is collected', () => {
  const found = findUnsafe(Array<string>(1_000).fill('\0'));
  expect(found.length).toBe(20);
});

test('only what code that copies without care would follow reaches a prototype', () => {
  expect(reachesPrototype('__proto__', 1)).toBe(true);
  expect(reachesPrototype('constructor', { prototype: 1 })).toBe(true);
  expect(reachesPrototype('constructor', { name: 1 })).toBe(false);
  expect(reachesPrototype('constructor', null)).toBe(false);
  expect(reachesPrototype('constructor', 'prototype')).toBe(false);
  expect(reachesPrototype('prototype', { prototype: 1 })).toBe(false);
});
