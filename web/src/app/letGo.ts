/** What is pressed with a pointer does not keep the keyboard: the space bar is the canvas's then. */

const PRESSED = "button, [role=treeitem], summary";
/** Here the focus has to stay inside. */
const CLOSED = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/**
 * Take the focus off what was clicked; pressed by a key it keeps it.
 *
 * Returns a function that ends it.
 */
export function letGoOfClicked(): () => void {
  const onClick = ({ detail, target }: MouseEvent): void => {
    const pressed = target instanceof Element ? target.closest<HTMLElement>(PRESSED) : null;
    if (detail > 0 && pressed !== null && pressed.closest(CLOSED) === null) {
      if (document.activeElement === pressed) {
        pressed.blur();
      }
    }
  };
  document.addEventListener("click", onClick);
  return () => {
    document.removeEventListener("click", onClick);
  };
}
