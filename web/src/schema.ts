/**
 * The schema builder of firebase/ai, for the parameters of functions: what it writes is what theirs writes.
 * @module
 */
import { AIError } from './errors.ts';

/** The types a schema can have. */
export const SchemaType = {
  STRING: 'string',
  NUMBER: 'number',
  INTEGER: 'integer',
  BOOLEAN: 'boolean',
  ARRAY: 'array',
  OBJECT: 'object',
} as const;
/** One of {@link SchemaType}. */
export type SchemaType = (typeof SchemaType)[keyof typeof SchemaType];

/** What all descriptions of a schema share. */
export interface SchemaShared<T> {
  anyOf?: T[];
  format?: string;
  description?: string;
  title?: string;
  items?: T;
  minItems?: number;
  maxItems?: number;
  properties?: { [k: string]: T };
  propertyOrdering?: string[];
  enum?: string[];
  example?: unknown;
  nullable?: boolean;
  minimum?: number;
  maximum?: number;
  [key: string]: unknown;
}

/** What a {@link Schema} is made of. */
export interface SchemaInterface extends SchemaShared<SchemaInterface> {
  type?: SchemaType;
}

/** What the builder takes. */
export interface SchemaParams extends SchemaShared<SchemaInterface> {}

/** A schema as plain JSON. */
export interface SchemaRequest extends SchemaShared<SchemaRequest> {
  type?: SchemaType;
  required?: string[];
}

/** An object's schema as plain JSON. */
export interface ObjectSchemaRequest extends SchemaRequest {
  type: 'object';
  /** Only the builder knows it. */
  optionalProperties?: never;
}

/** A schema of any type. */
export type TypedSchema =
  | IntegerSchema
  | NumberSchema
  | StringSchema
  | BooleanSchema
  | ObjectSchema
  | ArraySchema
  | AnyOfSchema;

/** A schema. Made by its static methods. */
export abstract class Schema implements SchemaInterface {
  type?: SchemaType;
  format?: string;
  description?: string;
  items?: SchemaInterface;
  minItems?: number;
  maxItems?: number;
  nullable = false;
  example?: unknown;
  [key: string]: unknown;

  /** Throws {@link AIError} `invalid-schema` for a schema that says neither its type nor what it is any of. */
  constructor(schemaParams: SchemaInterface) {
    if (!schemaParams.type && !schemaParams.anyOf)
      throw new AIError('invalid-schema', 'A schema needs a "type", or "anyOf" with schemas of its own.');
    Object.assign(this, schemaParams, { nullable: Boolean(schemaParams.nullable) });
    // Not a method: firebase/ai hides it from its types, and a schema of theirs must be one of ours.
    Object.defineProperty(this, 'toJSON', { value: () => schemaJson(this) });
  }

  static array(arrayParams: SchemaParams & { items: Schema }): ArraySchema {
    return new ArraySchema(arrayParams, arrayParams.items as TypedSchema);
  }

  static object(
    objectParams: SchemaParams & { properties: { [k: string]: Schema }; optionalProperties?: string[] },
  ): ObjectSchema {
    const { properties, optionalProperties } = objectParams;
    return new ObjectSchema(objectParams, properties as { [k: string]: TypedSchema }, optionalProperties);
  }

  static string(stringParams?: SchemaParams): StringSchema {
    return new StringSchema(stringParams);
  }

  static enumString(stringParams: SchemaParams & { enum: string[] }): StringSchema {
    return new StringSchema(stringParams, stringParams.enum);
  }

  static integer(integerParams?: SchemaParams): IntegerSchema {
    return new IntegerSchema(integerParams);
  }

  static number(numberParams?: SchemaParams): NumberSchema {
    return new NumberSchema(numberParams);
  }

  static boolean(booleanParams?: SchemaParams): BooleanSchema {
    return new BooleanSchema(booleanParams);
  }

  static anyOf(anyOfParams: SchemaParams & { anyOf: TypedSchema[] }): AnyOfSchema {
    return new AnyOfSchema(anyOfParams);
  }
}

/** A whole number. */
export class IntegerSchema extends Schema {
  constructor(schemaParams?: SchemaParams) {
    super({ ...schemaParams, type: SchemaType.INTEGER });
  }
}

/** A number. */
export class NumberSchema extends Schema {
  constructor(schemaParams?: SchemaParams) {
    super({ ...schemaParams, type: SchemaType.NUMBER });
  }
}

/** True or false. */
export class BooleanSchema extends Schema {
  constructor(schemaParams?: SchemaParams) {
    super({ ...schemaParams, type: SchemaType.BOOLEAN });
  }
}

/** Text, or one of some words. */
export class StringSchema extends Schema {
  declare enum?: string[];

  constructor(schemaParams?: SchemaParams, enumValues?: string[]) {
    super({ ...schemaParams, type: SchemaType.STRING });
    if (enumValues) this.enum = enumValues;
    else delete this.enum;
  }
}

/** A list of one kind. */
export class ArraySchema extends Schema {
  declare items: TypedSchema;

  constructor(schemaParams: SchemaParams, items: TypedSchema) {
    super({ ...schemaParams, type: SchemaType.ARRAY });
    this.items = items;
  }
}

/**
 * An object; its properties are required unless named in `optionalProperties`. Writing it as JSON throws
 * {@link AIError} `invalid-schema` for an optional property that does not exist.
 */
export class ObjectSchema extends Schema {
  declare properties: { [k: string]: TypedSchema };
  declare optionalProperties: string[];

  constructor(
    schemaParams: SchemaParams,
    properties: { [k: string]: TypedSchema },
    optionalProperties: string[] = [],
  ) {
    super({ ...schemaParams, type: SchemaType.OBJECT });
    this.properties = properties;
    this.optionalProperties = optionalProperties;
  }
}

/** Any of some schemas. */
export class AnyOfSchema extends Schema {
  declare anyOf: TypedSchema[];

  /** Throws {@link AIError} `invalid-schema` for an empty list. */
  constructor(schemaParams: SchemaParams & { anyOf: TypedSchema[] }) {
    if (schemaParams.anyOf.length === 0)
      throw new AIError('invalid-schema', 'The list of "anyOf" must not be empty.');
    const { type: _, ...params } = schemaParams;
    super(params);
    this.anyOf = schemaParams.anyOf;
  }
}

/** A schema's JSON, without what is undefined; required properties are named instead of optional ones. */
function schemaJson(schema: Schema): SchemaRequest {
  const entries = Object.entries(schema).filter(([, value]) => value !== undefined);
  const { optionalProperties: _, ...json } = Object.fromEntries(entries) as SchemaRequest;
  if (!(schema instanceof ObjectSchema)) return json;
  const names = Object.keys(schema.properties);
  const optional = schema.optionalProperties;
  const unknown = optional.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new AIError('invalid-schema', `"${unknown}" in "optionalProperties" is no property.`);
  const required = names.filter((name) => !optional.includes(name));
  return required.length > 0 ? { ...json, required } : json;
}
