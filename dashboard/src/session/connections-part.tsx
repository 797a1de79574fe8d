import type { ConnectionQuality, LiveSessionDocument } from '@livegate/protocol';
import { countText, durationWords, NONE } from '../format.ts';
import { Fact } from '../views/fact.tsx';
import { closeRemedyWords, closeWords } from './close-words.ts';
import { msText } from './line-words.ts';
import { Part } from './part.tsx';
import { connectionLines } from './session-lines.ts';

/** What each connection of the session reported of itself: how well it was heard, and how it ended. */
export function ConnectionsPart({ session }: { readonly session: LiveSessionDocument }) {
  const lines = connectionLines(session);
  return (
    <Part id="connections" title={`Connections (${lines.length})`}>
      <ol class="connections" data-testid="connections">
        {lines.map(({ id, figures }, index) => (
          <li key={id} data-connection={index + 1}>
            <h3>
              Connection {index + 1}{' '}
              <code class="clip muted" title={id}>
                {id}
              </code>
            </h3>
            {figures === null ? (
              <p class="muted" data-testid="no-report">
                No report yet.
              </p>
            ) : (
              <dl class="facts">
                <Fact name="Lasted" testId="lasted">
                  {durationWords(figures.seconds)}
                </Fact>
                <Fact name="Usage" testId="usage">
                  {countText(figures.totals.turns)} {figures.totals.turns === 1 ? 'turn' : 'turns'},{' '}
                  {countText(figures.totals.total)} tokens
                </Fact>
                <Quality quality={figures.quality ?? {}} />
                <Fact name="Reports" testId="reports">
                  {countText(figures.seq)}
                  {figures.final ? ', the last one came' : ', more may come'}
                </Fact>
              </dl>
            )}
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Quality({ quality }: { readonly quality: ConnectionQuality }) {
  const { connectMs, gaps, gapMs, interruptions, answers, answerMs, closeCode } = quality;
  return (
    <>
      <Fact name="Ready after" testId="connect-ms">
        {connectMs === undefined ? NONE : msText(connectMs)}
      </Fact>
      <Fact name="Answered after" testId="answer-ms">
        {answerMs === undefined
          ? NONE
          : `${msText(answerMs)}, the median of ${countText(answers ?? 1)} ${answers === 1 ? 'answer' : 'answers'}`}
      </Fact>
      <Fact name="Gaps heard" testId="gaps">
        {gaps === undefined ? NONE : `${countText(gaps)}, ${msText(gapMs ?? 0)} in all`}
      </Fact>
      <Fact name="Interruptions" testId="interruptions">
        {interruptions === undefined ? NONE : countText(interruptions)}
      </Fact>
      <Fact name="Closed with" testId="close-code">
        {closeCode === undefined ? (
          NONE
        ) : (
          <>
            {closeWords(closeCode)}
            {closeRemedyWords(closeCode) !== null && <span class="under">{closeRemedyWords(closeCode)}</span>}
          </>
        )}
      </Fact>
    </>
  );
}
