/**
 * The launcher's style, inside its shadow root, so that neither page knows the other's. Sizes are pixels, because a page may
 * have set its root's letters to anything.
 */
const STYLE = `
:host { all: initial; color-scheme: light dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button {
  display: grid; place-items: center; margin: 0; padding: 0; border: 0; border-radius: 50%; cursor: pointer;
}
button:focus-visible, iframe:focus-visible {
  outline: 3px solid #16181d; outline-offset: 2px; box-shadow: 0 0 0 2px #ffffff;
}
svg {
  width: 26px; height: 26px; fill: none; stroke: currentcolor; stroke-width: 1.9; stroke-linecap: round;
  stroke-linejoin: round;
}
.launcher {
  position: fixed; z-index: 2147483000; inset-block-end: calc(20px + env(safe-area-inset-bottom));
  inset-inline-end: calc(20px + env(safe-area-inset-right)); width: 60px; height: 60px;
  background: var(--color); color: var(--on-color); border: 1px solid rgb(255 255 255 / 25%);
  box-shadow: 0 2px 6px rgb(16 20 30 / 20%), 0 8px 24px rgb(16 20 30 / 20%);
}
dialog {
  position: fixed; z-index: 2147483001; inset: auto; inset-block-end: 96px; inset-inline-end: 20px; width: 400px;
  height: min(640px, 100vh - 116px); max-width: none; max-height: none; margin: 0; padding: 0; overflow: hidden;
  border: 1px solid rgb(128 132 140 / 35%); border-radius: 18px; background: #ffffff;
  box-shadow: 0 2px 6px rgb(16 20 30 / 12%), 0 16px 48px rgb(16 20 30 / 24%);
}
dialog::backdrop { background: none; }
iframe { display: block; width: 100%; height: 100%; border: 0; }
.close {
  position: absolute; inset-block-start: 12px; inset-inline-end: 12px; width: 40px; height: 40px;
  background: #ffffff; color: #16181d; border: 1px solid rgb(128 132 140 / 35%);
}
.close svg { width: 20px; height: 20px; }
dialog:modal {
  inset: var(--top, 0) 0 auto 0; width: 100%; height: var(--height, 100%); border: 0; border-radius: 0;
}
@media (prefers-color-scheme: dark) {
  dialog { background: #16181c; }
  .close { background: #1e2126; color: #eef0f4; }
  button:focus-visible, iframe:focus-visible { outline-color: #ffffff; box-shadow: 0 0 0 2px #16181d; }
}
@media (prefers-reduced-motion: no-preference) {
  dialog[open] { animation: arrive 0.18s ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(12px); } }
}
@media (forced-colors: active) {
  button { border: 1px solid currentcolor; }
}
`

/** A strict policy of the page forbids `style` elements, but not sheets made by a script; older browsers have only those. */
export const applyStyle = (root: ShadowRoot): void => {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    root.adoptedStyleSheets = [sheet]
  } catch {
    const style = document.createElement('style')
    style.textContent = STYLE
    root.append(style)
  }
}
