import { contentOf, eachEntry, readHead } from '../../../adapters/scanners/entries';
import type { ScanInput } from '../../../adapters/scanners/scanner';

/** A package of three entries whose content is inflated in chunks of four bytes, and counted. */
function openFake(controller = new AbortController()) {
  const inflated: string[] = [];
  const entries = [10, 20, 30].map((bytes, index) => ({ path: `dist/${index}.js`, bytes }));
  const opened = {
    entries,
    async *content(path: string) {
      for (const chunk of ['abcd', 'efgh', 'ijkl']) {
        inflated.push(`${path} ${chunk}`);
        yield Buffer.from(chunk);
      }
    },
  };
  const told: number[] = [];
  const onProgress = (bytes: number) => told.push(bytes);
  const input = { package: opened, signal: controller.signal, onProgress } as unknown as ScanInput;
  return { input, inflated, told, controller };
}

describe('A scanner that goes through a package', () => {
  test('sees every entry in its order, and tells how many bytes are done', async () => {
    const { input, told } = openFake();
    const seen: string[] = [];
    await eachEntry(input, async ({ path }) => void seen.push(path));
    expect(seen).toEqual(['dist/0.js', 'dist/1.js', 'dist/2.js']);
    expect(told).toEqual([10, 30, 60]);
  });

  test('stops before the next entry when it is told to', async () => {
    const { input, told, controller } = openFake();
    const visit = async () => controller.abort(new Error('cancelled'));
    await expect(eachEntry(input, visit)).rejects.toThrow('cancelled');
    expect(told).toEqual([10]);
  });

  test('stops inside a long entry when it is told to', async () => {
    const { input, inflated, controller } = openFake();
    const read = async () => {
      for await (const chunk of contentOf(input, 'dist/0.js')) {
        expect(chunk.toString()).toBe('abcd');
        controller.abort(new Error('cancelled'));
      }
    };
    await expect(read()).rejects.toThrow('cancelled');
    expect(inflated).toHaveLength(2);
  });

  test.each([
    [2, 'ab', 1],
    [4, 'abcd', 1],
    [5, 'abcde', 2],
    [99, 'abcdefghijkl', 3],
  ])(
    'reads the first %d bytes of an entry, and inflates no more than that takes',
    async (length, head, chunks) => {
      const { input, inflated } = openFake();
      expect((await readHead(input.package, 'dist/0.js', length)).toString()).toBe(head);
      expect(inflated).toHaveLength(chunks);
    },
  );
});
