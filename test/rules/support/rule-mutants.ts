/**
 * Changes of a condition in Firestore rules, one at a time: what a forgotten or reversed operand looks like.
 * @module
 */

/** Rules with one operand changed. */
export interface RulesMutant {
  /** Which operand became what, and where: unique within one set of rules. */
  readonly name: string;
  readonly rules: string;
}

/** A part of a condition that is true or false by itself, by its place in the source. */
interface Operand {
  readonly from: number;
  readonly to: number;
}

/** What an operand becomes: dropped, reversed, or never met. */
const CHANGES: readonly (readonly [string, (operand: string) => string])[] = [
  ['true', () => 'true'],
  ['false', () => 'false'],
  ['not', (operand) => `!(${operand})`],
];

/**
 * Every mutant of these rules: each operand of each `allow … if` and of each function's `return`, down to the
 * comparisons and calls, made true, made false, and reversed. Throws on a condition it cannot take apart.
 */
export function rulesMutants(rules: string): readonly RulesMutant[] {
  return conditionsIn(rules).flatMap(({ place, from, to }) =>
    operandsIn(rules, { from, to }).flatMap((operand) => {
      const text = rules.slice(operand.from, operand.to);
      const shown = text.replace(/\s+/g, ' ');
      return CHANGES.map(([change, changed]) => ({
        name: `${place}: ${shown} → ${change === 'not' ? `!(${shown})` : change}`,
        rules: rules.slice(0, operand.from) + changed(text) + rules.slice(operand.to),
      }));
    }),
  );
}

/** The conditions, each with the function, or the path and the verbs, it belongs to. */
function conditionsIn(rules: string): readonly (Operand & { readonly place: string })[] {
  const code = withoutComments(rules);
  const path: string[] = [];
  const found: (Operand & { readonly place: string })[] = [];
  const token =
    /match\s+(\S+)\s*\{|function\s+(\w+)\([^)]*\)\s*\{|service\s+[\w.]+\s*\{|allow\s+([\w,\s]+):\s*if\s+([^;]*);|return\s+([^;]*);|\}/g;
  for (const match of code.matchAll(token)) {
    const [whole, segment, name, verbs, condition, returned] = match;
    const end = match.index + whole.length - 1;
    if (whole === '}') path.pop();
    else if (segment !== undefined) path.push(segment);
    else if (name !== undefined) path.push(`${name}()`);
    else if (condition !== undefined)
      found.push({
        place: `${path.slice(2).join('')} ${verbs}`,
        from: end - condition.length,
        to: end,
      });
    else if (returned !== undefined)
      found.push({ place: path.at(-1) ?? '', from: end - returned.length, to: end });
    else path.push('');
  }
  return found;
}

/** Comments as blanks, so that places stay what they are. */
function withoutComments(rules: string): string {
  return rules.replace(/\/\/.*$/gm, (comment) => ' '.repeat(comment.length));
}

/** The whole, and where it is an `||` or an `&&`, or stands in brackets, what it is made of. */
function operandsIn(rules: string, whole: Operand): readonly Operand[] {
  const operand = trimmed(rules, whole);
  const text = rules.slice(operand.from, operand.to);
  for (const operator of ['||', '&&']) {
    const parts = splitAt(text, operator);
    if (parts.length > 1) {
      return [
        operand,
        ...parts.flatMap(({ from, to }) =>
          operandsIn(rules, { from: operand.from + from, to: operand.from + to }),
        ),
      ];
    }
  }
  const isBracketed = text.startsWith('(') && closing(text, 0) === text.length - 1;
  if (isBracketed) return operandsIn(rules, { from: operand.from + 1, to: operand.to - 1 });
  return [operand];
}

function trimmed(rules: string, { from, to }: Operand): Operand {
  const text = rules.slice(from, to);
  return { from: from + text.length - text.trimStart().length, to: to - text.length + text.trimEnd().length };
}

/** Splits at an operator that stands in no bracket. */
function splitAt(text: string, operator: string): readonly Operand[] {
  const parts: Operand[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if ('(['.includes(text[at] ?? ' ')) at = closing(text, at);
    else if (text.startsWith(operator, at)) {
      parts.push({ from, to: at });
      from = at + operator.length;
      at = from - 1;
    }
  }
  return [...parts, { from, to: text.length }];
}

/** Where the bracket that opens at `open` closes. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if ('(['.includes(text[at] ?? ' ')) depth += 1;
    else if (')]'.includes(text[at] ?? ' ')) depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`A bracket in ${text} does not close.`);
}
