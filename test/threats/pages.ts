/**
 * Threats by what stands on the pages.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

/** Rows of the dashboard and the demo. */
export const PAGE_THREATS = [
  {
    id: 'threat:dashboard:xss',
    threat: 'what a user says, or is called, runs as a script before an operator',
    answer: 'text is set as text, under a policy without inline scripts',
    source: SOURCES.design,
    test: {
      file: 'test/repository/markup.test.ts',
      title: 'make text of what people say and are called, never markup',
    },
    mutant: {
      file: 'dashboard/src/session/transcript-part.tsx',
      find: '<p class="said-text wrap">{text}</p>',
      replace: '<p class="said-text wrap" dangerouslySetInnerHTML={{ __html: text }} />',
    },
  },
  {
    id: 'threat:dashboard:csv',
    threat: 'a cell of an export is a formula',
    answer: 'an apostrophe stands before cells that begin like one',
    source: SOURCES.design,
    test: { file: 'dashboard/src/sessions/session-csv.test.ts', title: 'marks %j as text' },
    mutant: {
      file: 'dashboard/src/csv-form.ts',
      find: 'export const CSV_FORM = { escapeFormulae: FORMULA_START,',
      replace: 'export const CSV_FORM = { escapeFormulae: false,',
    },
  },
] as const satisfies readonly Threat[];
