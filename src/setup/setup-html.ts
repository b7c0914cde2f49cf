import { escapeHtml } from '../http/html.js'
import type { SetupFiles } from './setup-files.js'
import { TEXTS } from './setup-texts.js'

/** What of the business stands in the pages, as HTML. */
export interface FaceHtml {
  readonly business: string
  readonly avatar: string
  /** Addresses of the tab's icon and of the style sheet with the business's colour. */
  readonly icon: string
  readonly brand: string
}

/** For everybody: what this is, and how its owner gets in. Reads without a script; one that opens setup links adds to it. */
export const welcomeHtml = (files: SetupFiles, face: FaceHtml, isDemo: boolean): string => {
  const { what, forOwners, howIn, newLink, command, forGuests, tryIt } = TEXTS.welcome
  const guests = [
    `<section class="card"><h2>${escapeHtml(forGuests)}</h2>`,
    `<p>${escapeHtml(tryIt)}</p><p><a class="primary" href="try">${escapeHtml(TEXTS.openChat)}</a></p></section>`,
  ]
  return pageHtml(files, face, [
    `<p class="lead">${escapeHtml(what)}</p>`,
    '<section class="card" id="opening" role="status" hidden></section>',
    `<section class="card" id="owners"><h2>${escapeHtml(forOwners)}</h2>`,
    `<p>${escapeHtml(howIn)}</p>`,
    `<p>${escapeHtml(newLink)} <code>${escapeHtml(command)}</code></p></section>`,
    ...(isDemo ? guests : []),
  ])
}

/** For whoever opened a setup link; the script fills it. */
export const checklistHtml = (files: SetupFiles, face: FaceHtml): string =>
  pageHtml(
    files,
    face,
    [
      '<p class="lead" id="progress" role="status"></p>',
      '<ol class="checklist" id="checklist"></ol>',
      `<p><button type="button" class="small" id="sign-out">${escapeHtml(TEXTS.signOut)}</button></p>`,
      '<p class="unseen" id="said" role="status"></p>',
      `<noscript><p class="bad">${escapeHtml(TEXTS.needsScript)}</p></noscript>`,
    ],
    `<a class="pill" href="try">${escapeHtml(TEXTS.openChat)}</a>`,
  )

/** For an address that leads nowhere. `root` leads from it to this server's first page: `../` for `/menu/today`. */
export const nowhereHtml = (files: SetupFiles, face: FaceHtml, root: string): string =>
  frameHtml(files, { ...face, brand: root + face.brand }, root, {
    subtitle: TEXTS.nowhere.title,
    main: [
      `<p class="lead">${escapeHtml(TEXTS.nowhere.what)}</p>`,
      `<p><a class="primary" href="${root}try">${escapeHtml(TEXTS.openChat)}</a></p>`,
    ],
  })

const pageHtml = (files: SetupFiles, face: FaceHtml, main: readonly string[], action = ''): string =>
  frameHtml(files, face, '', {
    subtitle: TEXTS.title,
    head: `<script type="module" src="setup/assets/${files.script.name}"></script>`,
    action,
    main,
  })

interface FrameParts {
  readonly subtitle: string
  readonly head?: string
  /** At the end of the header. */
  readonly action?: string
  readonly main: readonly string[]
}

const frameHtml = (
  files: SetupFiles,
  face: FaceHtml,
  root: string,
  { subtitle, head = '', action = '', main }: FrameParts,
): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>${face.business}: ${escapeHtml(subtitle)}</title>
    <link rel="icon" href="${face.icon}">
    <link rel="stylesheet" href="${root}setup/assets/${files.style.name}">
    <link rel="stylesheet" href="${face.brand}">
    ${head}
  </head>
  <body>
    <header class="head">
      <span class="avatar" aria-hidden="true">${face.avatar}</span>
      <div class="name">
        <h1 dir="auto">${face.business}</h1>
        <p class="subtitle">${escapeHtml(subtitle)}</p>
      </div>
      ${action}
    </header>
    <main class="sheet">
      ${main.join('\n      ')}
    </main>
  </body>
</html>
`
