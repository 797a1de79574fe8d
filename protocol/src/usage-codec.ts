/**
 * Usage, out of a server's message. In a file of its own, so that who only passes it on does not carry it.
 * @module
 */
import type { ModalityTokenCount, UsageMetadata } from './content.ts';
import { camelCase, integer, isObject, list, object, text } from './shape.ts';

const tokenCount = /* @__PURE__ */ object<ModalityTokenCount>({ modality: text, tokenCount: integer });

/** Usage as the Developer API writes it. */
const usageShape = /* @__PURE__ */ object<UsageMetadata>({
  promptTokenCount: integer,
  cachedContentTokenCount: integer,
  responseTokenCount: integer,
  toolUsePromptTokenCount: integer,
  thoughtsTokenCount: integer,
  totalTokenCount: integer,
  promptTokensDetails: /* @__PURE__ */ list(tokenCount),
  cacheTokensDetails: /* @__PURE__ */ list(tokenCount),
  responseTokensDetails: /* @__PURE__ */ list(tokenCount),
  toolUsePromptTokensDetails: /* @__PURE__ */ list(tokenCount),
  serviceTier: text,
  trafficType: text,
});

const VERTEX_NAMES: Readonly<Record<string, keyof UsageMetadata>> = {
  candidatesTokenCount: 'responseTokenCount',
  candidatesTokensDetails: 'responseTokensDetails',
};

/**
 * Usage under the Developer API's names, Vertex AI's `candidates…` among them. Throws {@link ProtocolError}
 * `invalid-field`.
 */
export function decodeUsage(value: unknown): UsageMetadata {
  if (!isObject(value)) return usageShape(value, 'usageMetadata', 'keep');
  const renamed = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [VERTEX_NAMES[camelCase(key)] ?? key, each]),
  );
  return usageShape(renamed, 'usageMetadata', 'keep');
}
