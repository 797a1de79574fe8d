/**
 * Queries over documents in memory: filters, order, cursor, limit. Pure.
 * @module
 */
import { compare, type Fields, rankOf, valueAt } from './memory-values.ts';

/** A document that a query looks at. */
export interface Row {
  readonly id: string;
  readonly data: Fields;
}

/** The operators the memory knows. */
export type Operator = '==' | '<' | '<=' | '>' | '>=' | 'in' | 'array-contains';
const OPERATORS: readonly string[] = ['==', '<', '<=', '>', '>=', 'in', 'array-contains'];

/** What a query asks for. */
export interface QueryPlan {
  readonly filters: readonly { readonly field: string; readonly op: Operator; readonly value: unknown }[];
  readonly order: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  /** Values of the order's fields, and of the id, that the first row comes after. */
  readonly after: readonly unknown[] | null;
  readonly limit: number;
}

/** The plan of a whole collection. */
export const EVERYTHING: QueryPlan = { filters: [], order: [], after: null, limit: Number.POSITIVE_INFINITY };

/** Throws for an operator the memory does not know. */
export function operatorOf(op: string): Operator {
  if (!OPERATORS.includes(op)) throw new Error(`The memory knows no operator ${op}.`);
  return op as Operator;
}

/** The order as Firestore completes it: the field of a range first where none is named, the id last. */
export function fullOrder({ filters, order }: QueryPlan): QueryPlan['order'] {
  const ranged = filters.find(({ op }) => ['<', '<=', '>', '>='].includes(op));
  const named = order.length > 0 || !ranged ? order : [{ field: ranged.field, direction: 'asc' as const }];
  if (named.some(({ field }) => field === ID)) return named;
  return [...named, { field: ID, direction: named.at(-1)?.direction ?? 'asc' }];
}

/** The values a cursor at this row has. */
export function cursorAt(plan: QueryPlan, row: Row): readonly unknown[] {
  return fullOrder(plan).map(({ field }) => fieldOf(row, field));
}

/** The rows that a plan finds, in its order. */
export function found(rows: readonly Row[], plan: QueryPlan): readonly Row[] {
  const order = fullOrder(plan);
  const byOrder = (a: readonly unknown[], b: readonly unknown[]): number => {
    for (const [index, { direction }] of order.entries()) {
      if (index >= a.length || index >= b.length) return 0;
      const sign = compare(a[index], b[index]) * (direction === 'asc' ? 1 : -1);
      if (sign !== 0) return sign;
    }
    return 0;
  };
  const { after } = plan;
  return rows
    .filter((row) => plan.filters.every((filter) => fits(fieldOf(row, filter.field), filter)))
    .filter((row) => order.every(({ field }) => fieldOf(row, field) !== undefined))
    .map((row) => ({ row, keys: order.map(({ field }) => fieldOf(row, field)) }))
    .filter(({ keys }) => after === null || byOrder(keys, after) > 0)
    .sort((a, b) => byOrder(a.keys, b.keys))
    .slice(0, plan.limit)
    .map(({ row }) => row);
}

const ID = '__name__';

function fieldOf({ id, data }: Row, field: string): unknown {
  return field === ID ? id : valueAt(data, field);
}

function fits(value: unknown, { op, value: wanted }: QueryPlan['filters'][number]): boolean {
  if (value === undefined) return false;
  if (op === 'in') return Array.isArray(wanted) && wanted.some((each) => compare(value, each) === 0);
  if (op === 'array-contains')
    return Array.isArray(value) && value.some((each) => compare(each, wanted) === 0);
  if (rankOf(value) !== rankOf(wanted)) return false;
  const sign = compare(value, wanted);
  if (op === '==') return sign === 0;
  if (op === '<') return sign < 0;
  if (op === '<=') return sign <= 0;
  return op === '>' ? sign > 0 : sign >= 0;
}
