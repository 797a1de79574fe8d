import type { LiveSessionDocument, UsageTotals } from '@livegate/protocol';
import type { ComponentChildren } from 'preact';
import { countText, durationWords, momentText, NONE, secondsText, tokensIn, utcText } from '../format.ts';
import { connectionLines, leaseFate, leaseLines, modalityLines } from '../session-figures.ts';

/** What was leased, what the page reported, what the relay metered: three figures, none in another's place. */
export function FigureTable({ document }: { readonly document: LiveSessionDocument }) {
  const { leased, metered } = document;
  const reported = document.reported.at === null ? null : document.reported;
  const metric = (value: number | undefined, text: (value: number) => string = countText) =>
    value === undefined ? NONE : text(value);
  return (
    <Section id="figures" title="Figures">
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
            <Figure>{countText(leased.tokens)}</Figure>
            <Figure>{NONE}</Figure>
            <Figure>{NONE}</Figure>
          </tr>
          <tr>
            <th scope="row">Turns</th>
            <Figure>{NONE}</Figure>
            <Figure>{metric(reported?.totals.turns)}</Figure>
            <Figure>{metric(metered?.totals.turns)}</Figure>
          </tr>
          <tr>
            <th scope="row">Tokens</th>
            <Figure>{NONE}</Figure>
            <Figure testId="reported-tokens">{metric(reported?.totals.total)}</Figure>
            <Figure testId="metered-tokens">{metric(metered?.totals.total)}</Figure>
          </tr>
        </tbody>
      </table>
      <p class="muted note">
        Leased is what is charged. Reported is the page’s word. Metered is the relay’s; {NONE} where the page
        spoke to the service directly.
      </p>
    </Section>
  );
}

/** Tokens by modality, summed over turns: every turn is billed its whole context again. */
export function ModalityTable({ totals }: { readonly totals: UsageTotals }) {
  const lines = modalityLines(totals);
  return (
    <Section id="modalities" title="Tokens by modality">
      {lines.length === 0 ? (
        <p class="muted">None reported.</p>
      ) : (
        <table class="inner" aria-labelledby="modalities" data-testid="modalities">
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
            <tr>
              <th scope="row">Sum</th>
              <Figure>{countText(tokensIn(totals.prompt))}</Figure>
              <Figure>{countText(tokensIn(totals.cached))}</Figure>
              <Figure>{countText(tokensIn(totals.toolUse))}</Figure>
              <Figure>{countText(tokensIn(totals.response))}</Figure>
            </tr>
          </tfoot>
        </table>
      )}
      {totals.thoughts > 0 && <p class="muted note">And {countText(totals.thoughts)} tokens of thoughts.</p>}
    </Section>
  );
}

/** Every credential of the session, and for how long it was, or is, good. */
export function LeaseTable({
  document,
  nowMs,
}: {
  readonly document: LiveSessionDocument;
  readonly nowMs: number;
}) {
  const lines = leaseLines(document);
  return (
    <Section id="leases" title={`Leases (${lines.length})`}>
      <table class="inner" aria-labelledby="leases" data-testid="leases">
        <thead>
          <tr>
            <th scope="col">Lease</th>
            <th scope="col">From</th>
            <th scope="col">Until</th>
            <Head>Length</Head>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((lease) => (
            <tr key={lease.id} data-lease-id={lease.id}>
              <th scope="row" title={lease.id}>
                {lease.index + 1} · {lease.op}
              </th>
              <td title={utcText(lease.mintedAt)}>{momentText(lease.mintedAt, nowMs)}</td>
              <td title={utcText(lease.expiresAt)}>{momentText(lease.expiresAt, nowMs)}</td>
              <Figure>{secondsText(lease.seconds)}</Figure>
              <td>
                <span class={lease.state !== 'refused' && lease.expiresAt > nowMs ? 'alive live' : undefined}>
                  {leaseFate(lease, nowMs)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** What each socket of the session reported of itself. */
export function ConnectionTable({ document }: { readonly document: LiveSessionDocument }) {
  const lines = connectionLines(document);
  return (
    <Section id="connections" title={`Connections (${lines.length})`}>
      <ol class="connections" data-testid="connections">
        {lines.map(({ id, figures }) => (
          <li key={id}>
            <code class="clip" title={id}>
              {id}
            </code>
            {figures === null ? (
              <span class="muted">No report yet.</span>
            ) : (
              <span>
                {durationWords(figures.seconds)} · {countText(figures.totals.turns)} turns ·{' '}
                {countText(figures.totals.total)} tokens · report {figures.seq}
                {figures.final ? ', its last' : ''}
                <span class="under">{qualityText(figures.quality)}</span>
              </span>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function qualityText(quality: LiveSessionDocument['connections'][string]['quality']): string {
  const parts = [
    quality?.connectMs === undefined ? undefined : `connected in ${countText(quality.connectMs)} ms`,
    quality?.gaps === undefined
      ? undefined
      : `${countText(quality.gaps)} gaps${quality.gapMs === undefined ? '' : ` of ${countText(quality.gapMs)} ms`}`,
    quality?.interruptions === undefined ? undefined : `${countText(quality.interruptions)} interruptions`,
    quality?.closeCode === undefined ? undefined : `closed with ${quality.closeCode}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'No quality figures.' : parts.join(' · ');
}

function Section(props: {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="part">
      <h3 id={props.id}>{props.title}</h3>
      {props.children}
    </section>
  );
}

function Head({ children }: { readonly children: ComponentChildren }) {
  return (
    <th scope="col" class="figure">
      {children}
    </th>
  );
}

function Figure({ children, testId }: { readonly children: ComponentChildren; readonly testId?: string }) {
  return (
    <td class="figure" data-testid={testId}>
      {children}
    </td>
  );
}
