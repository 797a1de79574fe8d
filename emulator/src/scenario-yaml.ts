/**
 * YAML with the place of every value.
 * @module
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { FieldPath, ScenarioProblem } from './scenario-check.ts';

/** A place in a text, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** What a text holds. `value` is there unless `errors` are. */
export interface ReadYaml {
  readonly value?: unknown;
  readonly errors: readonly { readonly place: TextPlace; readonly message: string }[];
  /** Where a problem's field is; the nearest one above it where it is not there. */
  placeOf(problem: Pick<ScenarioProblem, 'path' | 'on'>): TextPlace;
}

/** Aliases resolved at most: more is a bomb. */
const MOST_ALIASES = 1_000;

/** Reads YAML 1.2 (and so JSON), merge keys included. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const placeAt = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    place: placeAt(pos[0]),
    message,
  }));
  const placeOf: ReadYaml['placeOf'] = ({ path, on }) =>
    placeAt(offsetOf(document.contents, path, on, (node) => (isAlias(node) ? node.resolve(document) : node)));
  if (errors.length > 0) return { errors, placeOf };
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown, errors, placeOf };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { errors: [{ place: { line: 1, column: 1 }, message }], placeOf };
  }
}

function offsetOf(
  root: Node | null,
  path: FieldPath,
  on: 'name' | 'value',
  resolve: (node: Node) => Node | undefined,
): number {
  let node = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const inside: Node | null | undefined = node ? resolve(node) : undefined;
    if (isMap(inside)) {
      const pair = (inside.items as readonly Pair<Node, Node | null>[]).find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (!pair) return offset;
      const pointsAtName = (depth === path.length - 1 && on === 'name') || !pair.value?.range;
      offset = (pointsAtName ? pair.key.range : pair.value?.range)?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(inside)) {
      node = (inside.items[Number(step)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
