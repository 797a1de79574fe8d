/**
 * Who looks at the page and with what, for every view below the sign-in.
 * @module
 */
import type { Firestore } from 'firebase/firestore';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Role } from './access.ts';
import type { Acts } from './acts.ts';

/** An operator who was let in. */
export interface Operator {
  readonly uid: string;
  readonly name: string;
  readonly role: Role;
  readonly db: Firestore;
  readonly acts: Acts;
}

/** Filled by `App` once somebody was let in. */
export const OperatorContext = createContext<Operator | null>(null);

/** The operator. Throws outside of what `App` shows to operators. */
export function useOperator(): Operator {
  const operator = useContext(OperatorContext);
  if (operator === null) throw new Error('This view stands outside the sign-in.');
  return operator;
}
