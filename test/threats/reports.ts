/**
 * Threats by what a client reports.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

const REPORTS_TEST = 'test/functions/reports.test.ts';
const POLICY = 'functions/src/report-policy.ts';
const POLICY_TEST = 'functions/src/report-policy.test.ts';

/** Rows of what is told. */
export const REPORT_THREATS = [
  {
    id: 'threat:report:charge',
    threat: 'a client reports nothing, or a goodbye, to be charged less',
    answer: 'what is leased and what is reported are two figures; no report changes the first',
    source: SOURCES.meters,
    test: { file: POLICY_TEST, title: 'changes nothing of the charge, whatever is said' },
    mutant: {
      file: POLICY,
      find: "state: session.state === 'revoked' ? 'revoked' : isOver ? 'ended' : 'active',",
      replace:
        "deadAt: isOver ? now : session.deadAt, state: session.state === 'revoked' ? 'revoked' : isOver ? 'ended' : 'active',",
    },
  },
  {
    id: 'threat:report:figures',
    threat: 'a report of negative, huge or no numbers spoils the sums',
    answer: 'it is refused by name, and nothing changes',
    source: SOURCES.meters,
    test: { file: REPORTS_TEST, title: 'with %s are refused by name and change nothing' },
    mutant: {
      file: 'protocol/src/door.ts',
      find: 'if (read < 0 || read > most) throw',
      replace: '',
    },
  },
  {
    id: 'threat:report:replay',
    threat: 'an old report is sent again and takes figures back',
    answer: 'figures grow with their sequence; what is not newer changes nothing',
    source: SOURCES.meters,
    test: { file: REPORTS_TEST, title: 'that are not newer than the last change nothing' },
    mutant: { file: POLICY, find: 'if (known && report.seq <= known.seq) return null;', replace: '' },
  },
  {
    id: 'threat:report:stranger',
    threat: 'a user reports for the session of another',
    answer: 'only the one whom the document names may',
    source: SOURCES.design,
    test: {
      file: POLICY_TEST,
      title: 'takes the owner’s report, and denies one whose session document names somebody else',
    },
    mutant: { file: POLICY, find: 'if (session.uid !== uid) throw notOwner();', replace: '' },
  },
  {
    id: 'threat:report:late',
    threat: 'a session’s figures change after its books are closed',
    answer: 'a report after that is refused',
    source: SOURCES.meters,
    test: {
      file: REPORTS_TEST,
      title: 'closes the books when the last token is dead, and not a millisecond before',
    },
    mutant: {
      file: POLICY,
      find: "if (!session.open) throw new Refusal('session-over', 'The books of this session are closed.');",
      replace: '',
    },
  },
  {
    id: 'threat:report:under',
    threat: 'pages report far less than the session lasted',
    answer: 'the charge stands as leased, and the session is flagged for operators',
    source: SOURCES.meters,
    test: {
      file: 'test/functions/threats.test.ts',
      title: 'is flagged, and charged as one whose pages tell all',
    },
    mutant: {
      file: 'functions/src/flag-policy.ts',
      find: 'session.reported.seconds < certainSeconds * LEAST_REPORTED_SHARE',
      replace: 'session.reported.seconds < 0',
    },
  },
  {
    id: 'threat:report:flood',
    threat: 'a page tells so much that the project keeps gigabytes of it',
    answer: 'what a session keeps of events and transcripts is bounded; its figures count all the same',
    source: SOURCES.design,
    test: {
      file: REPORTS_TEST,
      title: 'are bounded in all: beyond it the figures count and what was told is left out',
    },
    mutant: {
      file: POLICY,
      find: 'if (toldBytes > TOLD_BYTES) return',
      replace: 'if (toldBytes < 0) return',
    },
  },
  {
    id: 'threat:report:transcript',
    threat: 'what people said is kept where nobody asked for it',
    answer: 'a transcript is left out unless the policy keeps it',
    source: SOURCES.design,
    test: { file: REPORTS_TEST, title: 'leave what was said out unless the policy keeps transcripts' },
    mutant: {
      file: POLICY,
      find: 'const transcript = transcriptPurgeAt ? (report.transcript ?? []) : [];',
      replace: 'const transcript = report.transcript ?? [];',
    },
  },
] as const satisfies readonly Threat[];
