/**
 * Browsers that lay the on-screen keyboard over the page (Safari) tell its height only by the visual viewport; the page
 * takes its height from there. Pinch zoom changes the viewport too and must not squeeze the page.
 */
export const followKeyboard = (): void => {
  const viewport = window.visualViewport
  if (!viewport) return
  const fit = () => {
    const covered = viewport.scale > 1.01 ? 0 : window.innerHeight - viewport.height
    const root = document.documentElement.style
    if (covered > 80) root.setProperty('--height', `${viewport.height}px`)
    else root.removeProperty('--height')
    if (covered > 80) window.scrollTo(0, 0)
  }
  viewport.addEventListener('resize', fit)
}
