/**
 * Reads the one file of declarations that @firebase/ai publishes. It is generated: a declaration begins at a line's
 * start and a member four spaces in, so no compiler is needed. What does not look so is an error, never left out.
 * @module
 */

/** A property, method, constructor, parameter list or constant of an export. */
export interface Member {
  /** Its name; `new` for a constructor, `[key]` for an index signature, `()` for a function's only signature. */
  readonly name: string;
  readonly kind: 'property' | 'method' | 'constructor' | 'index' | 'constant' | 'signature';
  readonly isStatic: boolean;
  /** As declared, on one line, without `declare`. */
  readonly signature: string;
  /** What the comment says it defaults to. */
  readonly documentedDefault: string | undefined;
}

/** One name that the file exports. A constant object and the type of the same name are two. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'abstract class' | 'interface' | 'type' | 'constant';
  /** From `extends` to the body; for types and constants without members what stands after the name. */
  readonly heading: string;
  readonly members: readonly Member[];
  readonly isDeprecated: boolean;
}

const COMMENT = /\/\*[\s\S]*?\*\//g;
const HEAD =
  /^export declare (?:(abstract class|class|interface|type|function) ([A-Za-z_]\w*)|(const) ([A-Za-z_]\w*):) ?/;

/** Every export, in the file's order. Throws on a line it cannot place. */
export function readDeclarations(source: string): readonly Declaration[] {
  const renamed = [...source.matchAll(/^export \{ (\w+) as (\w+) \}$/gm)];
  return statementsOf(source).flatMap(({ comment, code }) => {
    const inner = /^declare (.*)/s.exec(code);
    const alias = renamed.find(([, from]) => inner?.[1]?.match(/^\w+ (\w+)/)?.[1] === from)?.[2];
    if (inner && alias === undefined) return [];
    const shown =
      alias === undefined ? code : `export ${code.replace(/^declare (\w+) \w+/, `declare $1 ${alias}`)}`;
    return [declaration(shown, comment)];
  });
}

/** Names in a piece of code that could be types of the file. */
export function namesIn(code: string): readonly string[] {
  return code.replace(/'[^']*'|"[^"]*"/g, '').match(/\b[A-Z]\w*\b/g) ?? [];
}

interface Statement {
  readonly comment: string;
  readonly code: string;
}

/** The top-level statements, each with the comment above it. */
function statementsOf(source: string): readonly Statement[] {
  const lines = source.split('\n');
  const starts = lines.flatMap((line, at) => (/^(export )?declare /.test(line) ? [at] : []));
  return starts.map((start, index) => {
    const before = lines.slice(index === 0 ? 0 : starts[index - 1], start).join('\n');
    const comment = before.slice(before.lastIndexOf('\n/**') + 1);
    const rest = lines.slice(start, starts[index + 1] ?? lines.length);
    const end = rest.findIndex((line) => /^\}|^\S.*;$|^\S.*\{ ?\}$/.test(line));
    if (end < 0) throw new Error(`No end of: ${rest[0]}`);
    return { comment, code: rest.slice(0, end + 1).join('\n') };
  });
}

function declaration(code: string, comment: string): Declaration {
  const match = HEAD.exec(code);
  if (!match) throw new Error(`Not understood: ${code.split('\n')[0]}`);
  const [head, word, named, constant, constantName] = match;
  const kind = (constant ? 'constant' : word) as Declaration['kind'];
  const name = named ?? constantName ?? '';
  const isDeprecated = comment.includes('@deprecated');
  const rest = code.slice(head.length);
  if (kind === 'function') {
    const signature = oneLine(rest).replace(/;$/, '');
    const member = { name: '()', kind: 'signature', isStatic: false, signature } as const;
    return {
      name,
      kind,
      heading: '',
      isDeprecated,
      members: [{ ...member, documentedDefault: defaultIn(comment) }],
    };
  }
  const open = rest.indexOf('{\n');
  if (kind === 'type' || open < 0)
    return { name, kind, isDeprecated, heading: oneLine(rest).replace(/;$/, ''), members: [] };
  const body = rest.slice(open + 2, rest.lastIndexOf('\n}') + 1);
  const members = membersOf(body, kind === 'constant');
  return { name, kind, isDeprecated, heading: oneLine(rest.slice(0, open)), members };
}

/** The public members of a body. */
function membersOf(body: string, isConstant: boolean): readonly Member[] {
  const members: Member[] = [];
  let comment = '';
  let code = '';
  for (const line of body.split('\n')) {
    const isInside = code !== '' || !/^ {4}(\/\*|\*| \*)/.test(line);
    if (!isInside) {
      comment = /^ {4}\/\*/.test(line) ? line : `${comment}\n${line}`;
      continue;
    }
    code += `${line}\n`;
    if (!/^ {4}\S.*;$|^ {4}\}.*;$/.test(line) || depthOf(code) !== 0) continue;
    const signature = oneLine(code).replace(/;$/, '');
    if (!signature.startsWith('private ')) members.push(member(signature, comment, isConstant));
    code = '';
    comment = '';
  }
  if (code.trim() !== '') throw new Error(`A member without an end: ${code}`);
  return members;
}

function member(declared: string, comment: string, isConstant: boolean): Member {
  const isStatic = declared.startsWith('static ');
  const plain = declared.replace(/^(static |protected |readonly |abstract )+/, '');
  const shared = { isStatic, signature: declared, documentedDefault: defaultIn(comment) };
  if (plain.startsWith('constructor(')) return { ...shared, name: 'new', kind: 'constructor' };
  if (plain.startsWith('[')) return { ...shared, name: '[key]', kind: 'index' };
  const [, name, mark] = /^'?([@\w]+)'?\??(\(|:)/.exec(plain) ?? [];
  if (name === undefined) throw new Error(`Not understood: ${declared}`);
  return { ...shared, name, kind: isConstant ? 'constant' : mark === '(' ? 'method' : 'property' };
}

function depthOf(code: string): number {
  const bare = code.replace(COMMENT, '');
  return (bare.match(/[{(]/g)?.length ?? 0) - (bare.match(/[})]/g)?.length ?? 0);
}

function oneLine(code: string): string {
  return code.replace(COMMENT, '').replace(/\s+/g, ' ').trim();
}

function defaultIn(comment: string): string | undefined {
  const text = comment.replace(/^\s*\*+\/?/gm, ' ').replace(/\s+/g, ' ');
  const said = /\bdefault(?:s|ing) to (.+?)(?: if un\w+)?(?:\.(?= |$)|;|$| \*\/)/i.exec(text)?.[1];
  const link = said && /\{@link (\w+)\}/.exec(said)?.[1];
  return (link ?? said)?.replaceAll('`', '').trim();
}
