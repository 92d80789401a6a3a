import ts from 'typescript';
import { listFiles, type RepositoryFile } from './support/pages';

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
const countLines = (text: string): number => text.split('\n').length - 1;

/** Lines of every function that has a name: declarations, methods, and functions that a constant holds. */
function measureFunctions({ name, text }: RepositoryFile): number[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const findLine = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const found: number[] = [];
  const visit = (node: ts.Node): void => {
    if (isNamedFunction(node)) found.push(findLine(node.getEnd()) - findLine(node.getStart()) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isNamedFunction = (node: ts.Node): boolean =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isVariableDeclaration(node.parent));

const everything = listFiles(/\.(ts|tsx|mjs)$/);
const product = everything.filter(({ name }) => !/^(test|bench)\//.test(name));

test('half of the product’s files have at most 60 lines, and none of the repository has over 300', () => {
  expect(product.length).toBeGreaterThan(300);
  expect(median(product.map(({ text }) => countLines(text)))).toBeLessThanOrEqual(60);
  expect(everything.filter(({ text }) => countLines(text) > 300).map(({ name }) => name)).toEqual([]);
});

test('half of the product’s functions have at most 8 lines, and none has over 80', () => {
  const sizes = product.map((file) => ({ name: file.name, lines: measureFunctions(file) }));
  expect(median(sizes.flatMap(({ lines }) => lines))).toBeLessThanOrEqual(8);
  expect(sizes.filter(({ lines }) => lines.some((each) => each > 80)).map(({ name }) => name)).toEqual([]);
});
