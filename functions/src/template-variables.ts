/**
 * A template's variables: checked, and put into the instruction as data. Pure.
 * @module
 */
import { type LiveTemplateDocument, PLACEHOLDER, type TemplateVariable } from '@livegate/protocol';
import { Refusal } from './refusal.ts';

type Values = { readonly [name: string]: string };

/**
 * The template with its variables filled. A value stands there as a JSON string, so that it can neither close its
 * quotes nor begin a line of its own; one of a declared list stands there plainly, since the template's author wrote
 * it. A value that looks like a placeholder stays what it is. Throws {@link Refusal} `invalid` naming the variable.
 */
export function fillTemplate(template: LiveTemplateDocument, values: Values = {}): LiveTemplateDocument {
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(template.variables, name))
      throw invalid(name, 'This template declares no such variable.');
  }
  const texts = Object.fromEntries(
    Object.entries(template.variables).map(([name, declared]) => [name, textOf(name, declared, values)]),
  );
  const { systemInstruction } = template.setup;
  if (!systemInstruction || Object.keys(texts).length === 0) return template;
  return {
    ...template,
    setup: {
      ...template.setup,
      systemInstruction: {
        ...systemInstruction,
        parts: (systemInstruction.parts ?? []).map((part) =>
          part.text === undefined
            ? part
            : { ...part, text: part.text.replace(PLACEHOLDER, (_, name: string) => texts[name] ?? '') },
        ),
      },
    },
  };
}

function textOf(name: string, declared: TemplateVariable, values: Values): string {
  const value = Object.hasOwn(values, name) ? values[name] : declared.default;
  if (value === undefined) throw invalid(name, `The template wants a value for ${name}.`);
  if (declared.oneOf) {
    if (!declared.oneOf.includes(value))
      throw invalid(name, `The template does not allow this value for ${name}.`);
    return value;
  }
  if (value.length > declared.maxLength)
    throw invalid(name, `At most ${declared.maxLength} characters for ${name}.`);
  // U+2028 and U+2029 end a line and JSON leaves them as they are.
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16)}`);
}

function invalid(name: string, message: string): Refusal {
  return new Refusal('invalid', message, { field: `template.variables.${name.slice(0, 40)}` });
}
