import type { LiveSessionDocument, UsageTotals } from '@livegate/protocol';
import { useState } from 'preact/hooks';
import { countText, NONE, tokensIn } from '../format.ts';
import { usageOf } from '../session-figures.ts';
import { Moment } from '../views/moment.tsx';
import { msText } from './line-words.ts';
import { Figure, Head, Part, Scrolling } from './part.tsx';
import { modalityLines } from './session-lines.ts';
import {
  differenceWords,
  sumOfTurns,
  type TurnRow,
  totalsOfTurn,
  type Unread,
  type UsageColumn,
  usageColumns,
} from './turn-usage.ts';

/** Turns that are shown at first. Ours. */
const SHOWN = 100;

interface TurnsPartProps {
  readonly session: LiveSessionDocument;
  readonly turns: readonly TurnRow[];
  readonly unread: Unread;
  readonly nowMs: number;
}

/** Tokens by modality: each turn, their sum, and what was reported of it all. */
export function TurnsPart({ session, turns, unread, nowMs }: TurnsPartProps) {
  const [all, setAll] = useState(false);
  const reported = session.reported.totals;
  const sum = sumOfTurns(turns);
  const columns = usageColumns([sum, reported]);
  const difference = differenceWords({ turns, reported, unread, open: session.open });
  const shown = all ? turns : turns.slice(0, SHOWN);
  return (
    <Part id="turns" title="Tokens by modality" wide>
      <ModalityTable totals={usageOf(session)} />
      <h3>Turn by turn ({countText(turns.length)})</h3>
      {turns.length === 0 ? (
        <p class="muted" data-testid="no-turns">
          No turn was told.
        </p>
      ) : (
        <Scrolling label="Tokens turn by turn">
          <table class="inner wide-table" aria-label="Tokens turn by turn" data-testid="turns">
            <thead>
              <tr>
                <th scope="col">Turn</th>
                <th scope="col">Ended</th>
                {columns.map(({ key, title }) => (
                  <Head key={key}>{title}</Head>
                ))}
                <Head>Answered after</Head>
                <th scope="col">Cut short</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((turn) => (
                <TurnLine key={turn.id} turn={turn} columns={columns} nowMs={nowMs} />
              ))}
            </tbody>
            <tfoot>
              <SumLine name="Sum of turns" totals={sum} columns={columns} testId="turns-sum" />
              <SumLine name="Reported" totals={reported} columns={columns} testId="turns-reported" />
              {session.metered !== null && (
                <SumLine
                  name="Metered"
                  totals={session.metered.totals}
                  columns={columns}
                  testId="turns-metered"
                />
              )}
            </tfoot>
          </table>
        </Scrolling>
      )}
      {shown.length < turns.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {countText(turns.length)} turns
        </button>
      )}
      {difference !== null && (
        <p class="note" data-testid="turns-difference">
          {difference}
        </p>
      )}
      <p class="muted note">
        Each turn is billed its whole context again: the sum is the bill, the last turn is not.
      </p>
    </Part>
  );
}

interface TurnLineProps {
  readonly turn: TurnRow;
  readonly columns: readonly UsageColumn[];
  readonly nowMs: number;
}

function TurnLine({ turn, columns, nowMs }: TurnLineProps) {
  const totals = totalsOfTurn(turn.usage);
  const short = [turn.interrupted ? 'by the user' : '', turn.cut ? 'by a change of connections' : '']
    .filter((each) => each !== '')
    .join(', ');
  return (
    <tr data-turn={turn.number}>
      <th scope="row">{turn.number}</th>
      <td class="figure-time">
        <Moment ms={turn.at} nowMs={nowMs} />
      </td>
      {columns.map(({ key, tokens }) => (
        <td key={key} class="figure" data-column={key}>
          {turn.usage === null ? NONE : countText(tokens(totals))}
        </td>
      ))}
      <td class="figure" data-column="answerMs">
        {turn.answerMs === null ? NONE : msText(turn.answerMs)}
      </td>
      <td data-column="short">{short === '' ? NONE : short}</td>
    </tr>
  );
}

interface SumLineProps {
  readonly name: string;
  readonly totals: UsageTotals;
  readonly columns: readonly UsageColumn[];
  readonly testId: string;
}

function SumLine({ name, totals, columns, testId }: SumLineProps) {
  return (
    <tr data-testid={testId}>
      <th scope="row" colSpan={2}>
        {name}
      </th>
      {columns.map(({ key, tokens }) => (
        <td key={key} class="figure" data-column={key}>
          {countText(tokens(totals))}
        </td>
      ))}
      <td />
      <td />
    </tr>
  );
}

/** Tokens by modality, summed over turns. */
function ModalityTable({ totals }: { readonly totals: UsageTotals }) {
  const lines = modalityLines(totals);
  if (lines.length === 0)
    return (
      <p class="muted" data-testid="no-modalities">
        None reported.
      </p>
    );
  return (
    <>
      <table class="inner" aria-labelledby="turns" data-testid="modalities">
        <thead>
          <tr>
            <td />
            <Head>In</Head>
            <Head>of it cached</Head>
            <Head>Tools</Head>
            <Head>Out</Head>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.modality} data-modality={line.modality}>
              <th scope="row">{line.modality}</th>
              <Figure>{countText(line.prompt)}</Figure>
              <Figure>{countText(line.cached)}</Figure>
              <Figure>{countText(line.toolUse)}</Figure>
              <Figure>{countText(line.response)}</Figure>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-modality="sum">
            <th scope="row">Sum</th>
            <Figure>{countText(tokensIn(totals.prompt))}</Figure>
            <Figure>{countText(tokensIn(totals.cached))}</Figure>
            <Figure>{countText(tokensIn(totals.toolUse))}</Figure>
            <Figure>{countText(tokensIn(totals.response))}</Figure>
          </tr>
        </tfoot>
      </table>
      {totals.thoughts > 0 && (
        <p class="muted note" data-testid="thoughts">
          And {countText(totals.thoughts)} tokens of thoughts.
        </p>
      )}
    </>
  );
}
