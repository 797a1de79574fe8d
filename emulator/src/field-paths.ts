/**
 * The names of the fields of the wire, as types: a table over them that lacks one, or names one that is not there,
 * does not compile. `a.b` is a field of an object, `a[].b` one of each element of a list.
 * @module
 */
import type { ClientPayloads, Json, ServerPayloads, UsageMetadata } from '@livegate/protocol';

/** Paths of the leaves below `Path`. Objects with keys of the application's own are leaves. */
type LeafPaths<Path extends string, Value> = [NonNullable<Json>] extends [Value]
  ? Path
  : PathsBelow<Path, Value>;

type PathsBelow<Path extends string, Value> = Value extends readonly (infer Element)[]
  ? Element extends object
    ? LeafPaths<`${Path}[]`, Element>
    : Path
  : Value extends object
    ? string extends keyof Value
      ? Path
      : {
          [Key in keyof Value & string]-?: LeafPaths<`${Path}.${Key}`, NonNullable<Value[Key]>>;
        }[keyof Value & string]
    : Path;

type PathsOf<Payloads> = {
  [Kind in keyof Payloads & string]-?: LeafPaths<Kind, NonNullable<Payloads[Kind]>>;
}[keyof Payloads & string];

/** Objects whose being there says something, with nothing in them. */
export type MeaningfulWhenEmpty =
  | 'setup.sessionResumption'
  | 'setup.contextWindowCompression'
  | 'setup.inputAudioTranscription'
  | 'setup.outputAudioTranscription';

/** Every field that a client may send. */
export type ClientFieldPath = PathsOf<ClientPayloads> | MeaningfulWhenEmpty;

/** Every field that a server may send. */
export type ServerFieldPath = PathsOf<ServerPayloads> | LeafPaths<'usageMetadata', UsageMetadata>;

/** A test that shows something: its file from the repository's root, and words of its title. */
export type TestReference = readonly [file: string, title: string];

/** What a field of a client does. `checked` is what is refused, where nothing else follows from the field. */
export type ClientField =
  | { readonly effect: string; readonly test: TestReference }
  | { readonly without: string; readonly checked?: string; readonly test?: TestReference };

/** When a field of the server is sent, or why it never is. */
export type ServerField =
  | { readonly when: string; readonly test: TestReference }
  | { readonly never: string };

/** The rows of a part of the table, with the path of that part before each name. */
export function under<Prefix extends string, Rows extends Readonly<Record<string, unknown>>>(
  prefix: Prefix,
  rows: Rows,
): { readonly [Name in keyof Rows & string as `${Prefix}${Name}`]: Rows[Name] } {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [`${prefix}${name}`, row])) as {
    readonly [Name in keyof Rows & string as `${Prefix}${Name}`]: Rows[Name];
  };
}

/** Names tests of one file of the emulator. */
export function testsOf(name: string): (title: string) => TestReference {
  return (title) => [`emulator/src/${name}.test.ts`, title];
}
