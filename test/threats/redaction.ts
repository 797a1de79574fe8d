/**
 * Threats by what is written down: logs, documents, URLs, answers.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

const REDACTION_TEST = 'test/functions/redaction.test.ts';
const UPSTREAM = 'functions/src/upstream.ts';

/** Rows of secrets that end where somebody reads them. */
export const REDACTION_THREATS = [
  {
    id: 'threat:redaction:logs',
    threat: 'a key, a token, a handle or what people said is read in the logs, by way of an error',
    answer: 'of an error its name and its place are told, and no message',
    source: SOURCES.design,
    test: { file: REDACTION_TEST, title: 'stand in no log line, nor in anything else that is printed' },
    mutant: {
      file: UPSTREAM,
      find: "problem: error instanceof Error ? error.name : 'an error'",
      replace: 'problem: String(error)',
    },
  },
  {
    id: 'threat:redaction:documents',
    threat: 'one of them is read in the database, or in a backup of it',
    answer: 'they are written nowhere, but for the words where the policy keeps them',
    source: SOURCES.design,
    test: {
      file: REDACTION_TEST,
      title: 'stand in no document, but for the words in the timeline of who keeps them',
    },
    mutant: {
      file: 'functions/src/report.ts',
      find: 'transcript.length > 0 && policy?.transcripts.keep ?',
      replace: 'transcript.length > 0 && policy ?',
    },
  },
  {
    id: 'threat:redaction:urls',
    threat: 'one of them is read in an access log, or in a browser’s history',
    answer: 'they go in headers and bodies; a page adds its token to the URL of its socket alone',
    source: SOURCES.tokens,
    test: { file: REDACTION_TEST, title: 'stand in no URL' },
    mutant: {
      file: UPSTREAM,
      find: 'await fetch(url, {',
      replace: 'await fetch(url + "?key=" + apiKey(), {',
    },
  },
  {
    id: 'threat:redaction:answers',
    threat: 'an error of the service, with our key in it, is handed on to a page',
    answer: 'a page gets a sentence of ours and a reason; its token stands in one place of the answer',
    source: SOURCES.design,
    test: { file: REDACTION_TEST, title: 'stand in no answer, but for the token in its place' },
    mutant: {
      file: 'functions/src/mint-answer.ts',
      find: 'socket: { url: socketUrl(endpoints),',
      replace: "socket: { url: socketUrl(endpoints) + '?access_token=' + token,",
    },
  },
] as const satisfies readonly Threat[];
