import { parse, type Node, type Options } from 'acorn';
import { ancestor } from 'acorn-walk';

/** Another file or package that a script loads. */
export interface Import {
  specifier: string;
  /** From 1. */
  line: number;
  /** Its absence is expected: it stands in a `try`. */
  isOptional: boolean;
}

/**
 * What a script loads by `import`, `export … from`, `import()` and `require`, as far as it is written as a text.
 *
 * @returns undefined for what is no JavaScript
 */
export function scanImports(source: string): Import[] | undefined {
  const tree = parseScript(source);
  if (!tree) return undefined;
  const imports: Import[] = [];
  const add = (node: Node | null | undefined, ancestors: readonly Node[]): void => {
    const value = readText(node);
    if (value === undefined || !node?.loc) return;
    imports.push({ specifier: value, line: node.loc.start.line, isOptional: ancestors.some(isTry(node)) });
  };
  ancestor(tree, {
    ImportDeclaration: (node, _state, ancestors) => add(node.source, ancestors),
    ExportAllDeclaration: (node, _state, ancestors) => add(node.source, ancestors),
    ExportNamedDeclaration: (node, _state, ancestors) => add(node.source, ancestors),
    ImportExpression: (node, _state, ancestors) => add(node.source, ancestors),
    CallExpression: (node, _state, ancestors) => {
      const { callee } = node;
      const isRequire = callee.type === 'Identifier' && callee.name === 'require';
      if (isRequire && !ancestors.some(bindsRequire)) add(node.arguments[0], ancestors);
    },
  });
  return imports;
}

const OPTIONS: Options = {
  ecmaVersion: 'latest',
  locations: true,
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: false,
};

/** A file does not say which of the two grammars it has. */
function parseScript(source: string) {
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return parse(source, { ...OPTIONS, sourceType });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** A text, or a template without gaps. */
function readText(node: Node | null | undefined): string | undefined {
  if (!node) return undefined;
  if ('value' in node && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return undefined;
  const { quasis } = node as Node & { quasis: { value: { cooked?: string } }[] };
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
}

/** Whether a node is a `try` with a handler, and the other one stands in what it tries. */
const isTry =
  (inner: Node) =>
  (node: Node): boolean => {
    if (node.type !== 'TryStatement') return false;
    const { block, handler } = node as Node & { block: Node; handler: Node | null };
    return handler !== null && inner.start >= block.start && inner.end <= block.end;
  };

/** Inside of a bundle, `require` is often a function of the bundle's own, handed down as a parameter. */
function bindsRequire(node: Node): boolean {
  if (!('params' in node)) return false;
  const { params } = node as Node & { params: Node[] };
  return params.some((each) => each.type === 'Identifier' && 'name' in each && each.name === 'require');
}
