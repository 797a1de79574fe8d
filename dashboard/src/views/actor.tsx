import { actorWords } from '../audit/audit-filter.ts';
import { useOperator } from '../operator.ts';

/** Who acted: "you", the command line, or an operator by uid. Who it is stands in the tooltip too. */
export function Actor({ actor }: { readonly actor: string }) {
  const { uid } = useOperator();
  if (actor === uid) return <span title={actor}>you</span>;
  return <span class="mono wrap">{actorWords(actor)}</span>;
}
