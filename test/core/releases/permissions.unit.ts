import { normalisePermissions } from '../../../core/releases/permissions';

describe('Permissions', () => {
  test('are the same whichever of the three shapes the author wrote', () => {
    const expected = ['network.get', 'storage.read', 'storage.write'];
    expect(normalisePermissions(['storage.write', 'storage.read', 'network.get'])).toEqual(expected);
    expect(
      normalisePermissions([
        { resource: 'storage', actions: ['write', 'read'] },
        { resource: 'network', actions: ['get'] },
      ]),
    ).toEqual(expected);
    expect(normalisePermissions({ storage: { write: true, read: true }, network: ['get'] })).toEqual(
      expected,
    );
  });

  test('are in lower case with dots, sorted and without repetition', () => {
    expect(normalisePermissions([' Storage:Read ', 'storage/read', 'storage.read', 'a:b/c:d'])).toEqual([
      'a.b.c.d',
      'storage.read',
    ]);
    expect(normalisePermissions([{ resource: 'Data/Rows', actions: ['READ'] }, 'b'])).toEqual([
      'b',
      'data.rows.read',
    ]);
  });

  test('that a map denies, or leaves empty, are not granted', () => {
    expect(
      normalisePermissions({ storage: { read: true, write: false, list: null }, network: false }),
    ).toEqual(['storage.read']);
    expect(normalisePermissions({ network: [], storage: {} })).toEqual([]);
  });

  test('are found at any depth of a map', () => {
    expect(normalisePermissions({ a: { b: { c: ['x', 'Y'], d: true } }, e: 'all' })).toEqual([
      'a.b.c.x',
      'a.b.c.y',
      'a.b.d',
      'e',
    ]);
  });
});
