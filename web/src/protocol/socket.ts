/** The WebSocket: opened again whenever it is lost. */

import type { Preview, ServerEvent } from "./events";
import { parseEvent, parsePreview } from "./events";

export interface SocketListener {
  readonly onEvent: (event: ServerEvent) => void;
  readonly onPreview: (preview: Preview) => void;
  /** ``isAgain`` after a loss: what was missed has to be asked for. */
  readonly onOpen: (isAgain: boolean) => void;
  readonly onLost: () => void;
}

const FEATURES = {
  type: "feature_flags",
  data: {
    supports_preview_metadata: true,
    supports_block_states: true,
    supports_progress_deltas: true,
  },
};
const FIRST_WAIT = 300;
const LONGEST_WAIT = 5000;

/** Listen until the returned function is called. */
export function listen(clientId: string, listener: SocketListener): () => void {
  let wait = FIRST_WAIT;
  let hasBeenOpen = false;
  let isClosed = false;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const open = (): void => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const address = `${scheme}://${location.host}/api/ws?clientId=${encodeURIComponent(clientId)}`;
    socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      socket?.send(JSON.stringify(FEATURES));
      wait = FIRST_WAIT;
      listener.onOpen(hasBeenOpen);
      hasBeenOpen = true;
    });
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      receive(data, listener);
    });
    socket.addEventListener("close", () => {
      if (!isClosed) {
        listener.onLost();
        timer = setTimeout(open, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    });
  };
  open();
  return () => {
    isClosed = true;
    clearTimeout(timer);
    socket?.close();
  };
}

function receive(data: string | ArrayBuffer, listener: SocketListener): void {
  if (typeof data === "string") {
    const event = parseEvent(data);
    if (event !== undefined) {
      listener.onEvent(event);
    }
    return;
  }
  const preview = parsePreview(data);
  if (preview !== undefined) {
    listener.onPreview(preview);
  }
}
