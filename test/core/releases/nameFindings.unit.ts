import fc from 'fast-check';
import {
  describeNamed,
  describeNameFinding,
  findNames,
  forPublisher,
  looksLike,
  MAX_NAME_FINDINGS,
  type NameFinding,
} from '../../../core/releases/nameFindings';

const plugin = (pluginId: string, publisherId = 'mallory', name = pluginId) => ({
  pluginId,
  publisherId,
  name,
});
const known = (pluginId: string, publisherId = 'acme', name = pluginId, isPublic = true) => ({
  ...plugin(pluginId, publisherId, name),
  isPublic,
});
const find = (pluginId: string, others: ReturnType<typeof known>[] = [], name = pluginId) =>
  findNames(plugin(pluginId, 'mallory', name), others, ['initech']).map(({ kind, resembles }) => [
    kind,
    resembles,
  ]);

describe('A plugin id looks like another', () => {
  test.each([
    ['obsidian-dataview', 'obsidian-dataveiw'],
    ['obsidian-dataview', 'obsidian.dataview'],
    ['obsidian-dataview', '0bsidian-dataview'],
    ['obsidian-dataview', 'obsidian-dataviews'],
    ['com.example.notes', 'com.exarnple.notes'],
    ['calendar', 'ca1endar'],
    ['p1', 'pl'],
  ])('%s and %s', (one, other) => {
    expect([looksLike(one, other), looksLike(other, one)]).toEqual([true, true]);
  });

  test.each([
    ['notes-1', 'notes-2'],
    ['com.example.s3-backup', 'com.example.s4-backup'],
    ['notes', 'votes'],
    ['cal', 'car'],
    ['backup', 'export'],
    ['com.example.notes', 'com.example.calendar'],
  ])('but not %s and %s', (one, other) => {
    expect([looksLike(one, other), looksLike(other, one)]).toEqual([false, false]);
  });

  test('never itself, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (id) => expect(looksLike(id, id)).toBe(false)));
  });
});

describe('What a reviewer should know of a plugin’s name', () => {
  test('is nothing for a name of its own', () => {
    expect(find('com.example.notes', [known('com.example.calendar')])).toEqual([]);
  });

  test('is which plugin of another publisher it looks like, and nothing of the publisher’s own', () => {
    const others = [known('notepad'), known('n0tepad', 'mallory')];
    expect(find('note-pad', others)).toEqual([['look_alike', 'notepad']]);
  });

  test('is that its display name is another’s, also in letters of another alphabet', () => {
    const others = [known('obsidian-dataview', 'acme', 'Dataview')];
    expect(find('com.evil.tables', others, 'Dаtаvіew')).toEqual([['same_name', 'obsidian-dataview']]);
    expect(find('obsidian-dataveiw', others, 'Dataview')).toEqual([['look_alike', 'obsidian-dataview']]);
    expect(find('com.evil.tables', [known('party', 'acme', '🎉')], '🎈')).toEqual([]);
  });

  test.each([
    ['spillway-tools', 'spillway'],
    ['com.evil.spi11way', 'spillway'],
    ['my-official-notes', 'official'],
    ['0fficial.notes', 'official'],
    ['admin', 'admin'],
    ['sys-tem', 'system'],
    ['obsidian', 'obsidian'],
    ['com.google.drive', 'com.google'],
    ['com-google-drive', 'com.google'],
    ['initech-notes', 'initech'],
  ])('is that %s uses the reserved name %s', (pluginId, word) => {
    expect(find(pluginId)).toEqual([['reserved', word]]);
  });

  test.each(['admin-dashboard', 'obsidian-dataview', 'n8n-nodes-mcp', 'com.googler.notes', 'unofficial'])(
    'is nothing for %s, which only holds such a word',
    (pluginId) => {
      expect(find(pluginId)).toEqual([]);
    },
  );

  test('is a display name that begins with the platform’s', () => {
    expect(find('com.evil.notes', [], 'Spillway Security Update')).toEqual([['reserved', 'spillway']]);
  });

  test('is bounded, the look-alikes first', () => {
    const many = Array.from({ length: 40 }, (_none, index) => known(`spillway.${'-'.repeat(index)}x`));
    const found = find('spillway-x', many);
    expect(found).toHaveLength(MAX_NAME_FINDINGS);
    expect(new Set(found.map(([kind]) => kind))).toEqual(new Set(['look_alike']));
  });
});

describe('A finding', () => {
  const secret: NameFinding = {
    ...{ kind: 'look_alike', resembles: 'notepad', publisherId: 'acme', isPublic: false },
  };

  test('is told to reviewers with the plugin that is meant', () => {
    expect(describeNameFinding('n0tepad', secret)).toBe('n0tepad looks like the plugin notepad of acme.');
    expect(describeNameFinding('x', { ...secret, kind: 'same_name' })).toBe(
      'x has the same display name as the plugin notepad of acme.',
    );
    const word: NameFinding = { kind: 'reserved', resembles: 'admin', publisherId: null, isPublic: true };
    expect(describeNameFinding('admin', word)).toBe('admin uses the reserved name admin.');
  });

  test('does not tell its publisher of a plugin that was never listed, on the timeline neither', () => {
    const shown = 'n0tepad looks like a plugin of another publisher.';
    expect(describeNameFinding('n0tepad', forPublisher(secret))).toBe(shown);
    expect(describeNamed('n0tepad', [secret]).text).toBe(`A reviewer will look at the name: ${shown}`);
    expect(JSON.stringify([forPublisher(secret), describeNamed('n0tepad', [secret])])).not.toMatch(
      /notepad of acme|"notepad"|acme/,
    );
    expect(forPublisher({ ...secret, isPublic: true })).toMatchObject({ resembles: 'notepad' });
  });
});
