/**
 * Act once a menu or dialog that closes now has given the focus back.
 *
 * It does so in a task of its own, after this one: what the act puts the focus on keeps it.
 */
export function afterClosing(act: () => void): void {
  setTimeout(() => {
    setTimeout(act);
  });
}
