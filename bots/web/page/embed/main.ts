import { addLauncher, type LauncherFace } from './launcher.js'

/** Given by the server, which calls this script as a function with it. */
declare const face: LauncherFace

const script = document.currentScript
if (script instanceof HTMLScriptElement && !document.querySelector('stampcast-chat')) {
  const options = { face, chatUrl: new URL('chat', script.src), start: script.dataset.start }
  if (document.body) addLauncher(options)
  else addEventListener('DOMContentLoaded', () => addLauncher(options))
}
