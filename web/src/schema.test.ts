import { Schema as Theirs } from '@firebase/ai';
import { describe, expect, test } from 'vitest';
import { Schema } from './schema.ts';

describe('Schema', () => {
  test('writes what firebase/ai’s writes', () => {
    const build = (builder: typeof Schema | typeof Theirs): unknown => {
      const s = builder as typeof Schema;
      return s.object({
        description: 'top',
        properties: {
          a: s.string({ description: 'd', nullable: true, format: 'date-time' }),
          b: s.array({ items: s.enumString({ enum: ['x', 'y'] }), minItems: 1 }),
          c: s.anyOf({ anyOf: [s.integer(), s.boolean()] }),
          n: s.number({ format: 'float', example: 1 }),
          o: s.object({ properties: {} }),
        },
        optionalProperties: ['a'],
      });
    };
    expect(JSON.parse(JSON.stringify(build(Schema)))).toEqual(JSON.parse(JSON.stringify(build(Theirs))));
  });

  test('refuses what it cannot mean', () => {
    const code = expect.objectContaining({ code: 'invalid-schema' });
    expect(() => Schema.anyOf({ anyOf: [] })).toThrow(code);
    const schema = Schema.object({ properties: {}, optionalProperties: ['z'] });
    expect(() => JSON.stringify(schema)).toThrow(code);
  });
});
