import type { LiveSessionDocument } from '@livegate/protocol';
import { countText, NONE, secondsText } from '../format.ts';
import { Moment } from '../views/moment.tsx';
import { Figure, Head, Part } from './part.tsx';

interface FiguresPartProps {
  readonly session: LiveSessionDocument;
  readonly nowMs: number;
}

/** What was leased, what the page reported, what the relay metered: three figures, none in another's place. */
export function FiguresPart({ session, nowMs }: FiguresPartProps) {
  const { leased, metered } = session;
  const reported = session.reported.at === null ? null : session.reported;
  const metric = (value: number | undefined, text: (value: number) => string = countText) =>
    value === undefined ? NONE : text(value);
  return (
    <Part id="figures" title="Three figures">
      <table class="inner" aria-labelledby="figures">
        <thead>
          <tr>
            <td />
            <Head>Leased</Head>
            <Head>Reported</Head>
            <Head>Metered</Head>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Time</th>
            <Figure testId="leased-seconds">{secondsText(leased.seconds)}</Figure>
            <Figure testId="reported-seconds">{metric(reported?.seconds, secondsText)}</Figure>
            <Figure testId="metered-seconds">{metric(metered?.seconds, secondsText)}</Figure>
          </tr>
          <tr>
            <th scope="row">Credentials</th>
            <Figure testId="leased-tokens">{countText(leased.tokens)}</Figure>
            <Figure>{NONE}</Figure>
            <Figure>{NONE}</Figure>
          </tr>
          <tr>
            <th scope="row">Turns</th>
            <Figure>{NONE}</Figure>
            <Figure testId="reported-turns">{metric(reported?.totals.turns)}</Figure>
            <Figure testId="metered-turns">{metric(metered?.totals.turns)}</Figure>
          </tr>
          <tr>
            <th scope="row">Tokens</th>
            <Figure>{NONE}</Figure>
            <Figure testId="reported-tokens">{metric(reported?.totals.total)}</Figure>
            <Figure testId="metered-tokens">{metric(metered?.totals.total)}</Figure>
          </tr>
        </tbody>
      </table>
      <dl class="meanings note">
        <div>
          <dt>Leased</dt>
          <dd>is charged: how long every credential that was handed out is good for.</dd>
        </div>
        <div>
          <dt>Reported</dt>
          <dd data-testid="reported-at">
            is the page’s own word
            {reported?.at == null ? (
              ': it said nothing yet.'
            ) : (
              <>
                , last heard <Moment ms={reported.at} nowMs={nowMs} />.
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Metered</dt>
          <dd data-testid="metered-words">
            {metered === null
              ? 'is what the relay measures; this page spoke to the service directly, so nobody did.'
              : 'is what the relay measured: it saw all that passed.'}
          </dd>
        </div>
      </dl>
    </Part>
  );
}
