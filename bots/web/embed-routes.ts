import { Router } from 'express'
import { type Asset, createAsset, sendAsset } from '../../src/http/assets.js'
import { brandPair } from './brand-style.js'
import { colorOf, type Face } from './face.js'
import type { PageFiles } from './page-files.js'

export interface EmbedRoutesDeps {
  readonly files: PageFiles
  face(): Promise<Face>
}

/** A business changes its colour seldom, and its site's visitors may see the former one for so long. */
const KEPT = 'public, max-age=300'

/** `GET /embed.js`: one script tag on the business's own page, which adds a button that opens the chat. */
export const embedRoutes = ({ files, face }: EmbedRoutesDeps): Router => {
  const router = Router()
  let packed: { readonly script: string; readonly asset: Promise<Asset> } | undefined

  router.get('/embed.js', async (req, res) => {
    const script = launcherScript(files.launcher, await face())
    if (packed?.script !== script) packed = { script, asset: createAsset('embed', 'js', Buffer.from(script)) }
    // It is for other sites to load; what it opens decides itself who may show it.
    res.set('Cross-Origin-Resource-Policy', 'cross-origin')
    sendAsset(await packed.asset, KEPT, req, res)
  })

  return router
}

const launcherScript = (launcher: string, face: Face): string => {
  const { brand, onBrand } = brandPair(colorOf(face))
  const given = JSON.stringify({ business: face.businessName, color: brand, onColor: onBrand })
  return `"use strict";((face)=>{${launcher}})(${given});\n`
}
