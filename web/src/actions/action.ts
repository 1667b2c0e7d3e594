/** Everything a user can do, as data: menus, the command palette and shortcuts are drawn from it. */

import type { TextKey } from "../texts/texts";

export interface Action {
  readonly id: string;
  readonly label: TextKey;
  readonly group: "file" | "edit" | "node" | "arrange" | "add" | "view" | "run" | "help";
  /** Such as ``Mod+Shift+Z``; ``Mod`` is Ctrl, or Command on a Mac. The first is shown. */
  readonly shortcuts?: readonly string[];
  /** The keys are left to the browser, which makes an event of them that is listened to. */
  readonly isNative?: boolean;
  readonly isEnabled?: () => boolean;
  /** Of an action that switches something: whether it is on. */
  readonly isOn?: () => boolean;
  readonly run: () => void | Promise<void>;
}
