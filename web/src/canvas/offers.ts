/** Offering to join a node to the chain that it was dropped or added beside. */

import { connect } from "../graph/edit";
import { joinOffer } from "../graph/insert";
import type { GraphDocument } from "../graph/model";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit, useDocument } from "../stores/document";
import { useGesture } from "../stores/gesture";

/** How near a chain a node has to be for a wire to be offered. */
const JOIN_DISTANCE = 280;

/** Offer to link a node that lies beside a chain and has no links yet. */
export function offerToJoin(id: string): void {
  const document = currentDocument();
  const isFree = !Object.values(document.nodes[id]?.inputs ?? {}).some(
    ({ kind }) => kind === "link",
  );
  const offer = isFree ? joinOffer(document, id, currentCatalogue(), JOIN_DISTANCE) : undefined;
  useGesture.setState({ offer: offer ?? null });
}

/** Draw the wire that is offered. */
export function acceptOffer(): void {
  const { offer } = useGesture.getState();
  if (offer !== null) {
    edit("edit.join", (document) => connect(document, offer));
  }
}

export function dismissOffer(): void {
  useGesture.setState({ offer: null });
}

/** The one node that came into a document; undefined where it was not one. */
export function addedNode(document: GraphDocument, before: GraphDocument): string | undefined {
  const [ids, known] = [Object.keys(document.nodes), Object.keys(before.nodes)];
  return ids.length === known.length + 1 ? ids.find((id) => !(id in before.nodes)) : undefined;
}

/** Offers hold until the next change; a node that is added brings one of its own. */
export function keepOffersFresh(): () => void {
  return useDocument.subscribe((state, before) => {
    if (state.document === before.document) {
      return;
    }
    if (useGesture.getState().offer !== null) {
      useGesture.setState({ offer: null });
    }
    const isNew = state.past.length > before.past.length && state.future.length === 0;
    const added = isNew ? addedNode(state.document, before.document) : undefined;
    if (added !== undefined) {
      offerToJoin(added);
    }
  });
}
