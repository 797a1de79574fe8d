/**
 * Threats to parts that are not there yet.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

/** Rows without a test, each with the reason. */
export const LATER_THREATS = [
  {
    id: 'threat:tools:tampering',
    threat: 'a page calls a tool that the model did not call, with arguments of its own',
    answer:
      'tools that have effects belong behind a callable that asks for a live lease and takes a call once',
    source: SOURCES.design,
    test: null,
    mutant: null,
    deferred: 'Tools run in the page; a callable for tools with effects comes with the relay.',
  },
  {
    id: 'threat:relay:token',
    threat: 'a token of the relay is used twice, elsewhere, or past its end',
    answer: 'audience, one-time id, expiry and user are checked against a store that all instances share',
    source: 'ReviewStage/luke#934: meters in memory multiply with the replicas',
    test: null,
    mutant: null,
    deferred: 'The relay for Vertex AI comes later; a policy that names it is refused until then.',
  },
] as const satisfies readonly Threat[];
