import path from 'node:path';
import { builtinModules } from 'node:module';
import { compositions, domainTable, hostRooms, layers } from './domainTable.mjs';
import { importTable } from './importTable.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const builtin = new Set(builtinModules);

/** The room of a file: the longest folder of the table that holds it, or its first folder. */
function roomOf(relative) {
  const rooms = Object.keys(importTable).filter((room) => relative.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? relative.split('/')[0];
}

const matches = (name, patterns = []) =>
  patterns.some(
    (pattern) =>
      pattern === '' ||
      name === pattern ||
      name.startsWith(pattern.endsWith('/') || pattern === 'node:' ? pattern : `${pattern}/`),
  );

/** Whether one of the paths names a file or a folder around it; `*` stands for any one folder. */
function isNamed(file, paths = []) {
  const segments = file.split('/');
  return paths.some((each) =>
    each.split('/').every((segment, index) => segment === '*' || segment === segments[index]),
  );
}

function refuseFile(target, room, rule, typeOnly) {
  const other = roomOf(target);
  if (other === room || rule.folders.includes(other)) return undefined;
  if (isNamed(withoutEnding(target), rule.files)) return undefined;
  if (typeOnly && rule.types?.includes(other)) return undefined;
  return typeOnly || !rule.types?.includes(other)
    ? `${room}/ may not import ${other}/`
    : `${room}/ may import only types of ${other}/`;
}

function refusePackage(name, room, rule, typeOnly) {
  const full = builtin.has(name.split('/')[0]) && !name.startsWith('node:') ? `node:${name}` : name;
  if (typeOnly && !rule.never?.some((each) => matches(full, [each]))) return undefined;
  if (matches(full, rule.never)) return `${room}/ may not use ${full}`;
  return matches(full, rule.packages) ? undefined : `${room}/ may not use ${full}`;
}

/** The domain of a file, or undefined for one that belongs to none: the frame of its layer. */
export function domainOf(relative) {
  const layer = layers.find((each) => relative.startsWith(`${each}/`));
  const folder = layer && relative.slice(layer.length + 1).split('/', 1)[0];
  return folder in domainTable ? folder : undefined;
}

/** Why a file may not import another one by the domain table, or undefined where it may. */
export function refuseDomain(relative, target) {
  const from = domainOf(relative);
  const to = domainOf(target);
  if (to === undefined || from === to || isComposition(relative)) return undefined;
  if (from === undefined)
    return isInLayer(relative) ? `${relative} is of no domain and may not import ${to}` : undefined;
  return domainTable[from].includes(to) ? undefined : `the domain ${from} may not import ${to}`;
}

/** The room of a file of the host; `top` for the files that wire the rooms, undefined outside the host. */
function hostRoomOf(relative) {
  const [layer, room, file] = relative.split('/');
  if (layer !== 'host') return undefined;
  return file === undefined ? 'top' : room;
}

/** Why a file of the host may not import another one by the table of its rooms, or undefined where it may. */
export function refuseHostRoom(relative, target) {
  const from = hostRoomOf(relative);
  const to = hostRoomOf(target);
  if (from === undefined || to === undefined || from === to || from === 'top') return undefined;
  return hostRooms[from]?.includes(to) ? undefined : `the host's room ${from} may not import ${to}`;
}

const withoutEnding = (file) => file.replace(/\.(ts|tsx|js|mjs|cjs)$/, '');
const isComposition = (relative) => compositions.includes(withoutEnding(relative));
const isInLayer = (relative) => layers.some((layer) => relative.startsWith(`${layer}/`));

function judge(filename, source, typeOnly) {
  const relative = path.relative(root, filename).split(path.sep).join('/');
  const room = roomOf(relative);
  const rule = importTable[room];
  if (!rule) return undefined;
  if (!source.startsWith('.')) return refusePackage(source, room, rule, typeOnly);
  const target = path
    .relative(root, path.resolve(path.dirname(filename), source))
    .split(path.sep)
    .join('/');
  return (
    refuseFile(target, room, rule, typeOnly) ??
    refuseDomain(relative, target) ??
    refuseHostRoom(relative, target)
  );
}

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  node.exportKind === 'type' ||
  (node.specifiers?.length > 0 && node.specifiers.every((each) => each.importKind === 'type'));

/** The import table as a rule; dynamic imports and require() count as well. */
export const houseImports = {
  meta: {
    type: 'problem',
    messages: { refused: '{{why}} (infra/lint/importTable.mjs, domainTable.mjs).' },
    schema: [],
  },
  create(context) {
    const check = (node, source, typeOnly = false) => {
      if (typeof source?.value !== 'string') return;
      const why = judge(context.filename, source.value, typeOnly);
      if (why) context.report({ node, messageId: 'refused', data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => node.source && check(node, node.source, isTypeOnly(node)),
      ExportAllDeclaration: (node) => check(node, node.source, isTypeOnly(node)),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0]),
    };
  },
};
